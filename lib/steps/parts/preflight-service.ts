import { freezeHeaders, heldWords, readFreeze } from '@/lib/services/freeze-http';
import { modesOver, observeProfile } from '@/lib/services/observe';
import { modeOver } from '@/lib/services/observe-instance';
import type { CheckpointResult } from '@/lib/shared/evidence';
import type { StepContext } from '@/lib/steps/step';
import { checkpoint, prove } from './checkpoint';
import { surfacesIn } from './surfaces';
import { headersOf, secretOf } from './places';

/** What must hold of the services and of those who share them. */
export async function serviceProofs(ctx: StepContext): Promise<CheckpointResult[]> {
  const proofs: CheckpointResult[] = [];
  for (const service of ctx.services) {
    const reading = await observeProfile(ctx.profile, service, secretOf(ctx), ctx.signal);
    const moved = surfacesIn(ctx, service);
    const { declared, observed } = modesOver(reading, moved);
    proofs.push(
      checkpoint(
        `mode-${service.name}`,
        `${service.name} is healthy and runs in ${ctx.runbook.from}`,
        observed === null
          ? null
          : reading.healthy === true && observed === ctx.runbook.from && declared === ctx.runbook.from,
        {
          summary: `declared ${declared ?? 'not set'}, observed ${observed ?? 'unknown'}${reading.cause ? `. ${reading.cause}` : ''}`,
          probes: reading.instances.map((one) => ({
            what: `GET ${one.url}${service.observe.path}`,
            expected: `healthy, ${ctx.runbook.from}`,
            got:
              one.error ?? `${one.healthy ? 'healthy' : 'not healthy'}, ${modeOver(one, moved)}, ${one.latencyMs} ms`,
            passed: one.healthy && modeOver(one, moved) === ctx.runbook.from,
          })),
        },
      ),
      await prove(`env-${service.name}`, 'The console may write what the switch needs', () => {
        const needed = [
          ...surfacesIn(ctx, service).map(({ variable }) => variable),
          ...(service.freeze ? [service.freeze.start_held_variable] : []),
        ];
        const missing = needed.filter((name) => !service.env_allow.includes(name));
        return {
          holds: missing.length === 0,
          summary: missing.length
            ? `not in env_allow: ${missing.join(', ')}. Add it to env_allow of ${service.name} in the fleet file (env_key_forbidden)`
            : needed.join(', '),
        };
      }),
    );
    if (service.freeze) proofs.push(await freezeProof(ctx, service));
  }
  proofs.push(neighboursProof(ctx));
  return proofs;
}

const freezeProof = (ctx: StepContext, service: StepContext['services'][number]) =>
  prove(`freeze-${service.name}`, `${service.name} can hold writes, and does not now`, async () => {
    const states = await readFreeze(service, freezeHeaders(service, headersOf(ctx), secretOf(ctx)), ctx.signal);
    return {
      holds: states.some((state) => state.held === null) ? null : states.every((state) => state.held === false),
      summary: states
        .map((state) => state.error ?? `${heldWords(state.held)}, ${state.inFlight ?? 'unknown'} in flight`)
        .join('; '),
    };
  });

/** Profiles behind one process switch together or not at all: said here, refused at the switch while one is not ready. */
function neighboursProof(ctx: StepContext): CheckpointResult {
  const together = ctx.neighbours.filter(({ shares }) => shares.includes('service'));
  return checkpoint('neighbours', 'Every profile that shares something is named', true, {
    summary: together.length
      ? `${together.map(({ profile }) => profile.source_id).join(', ')} behind the same process: switched together with ${ctx.profile.source_id} by one press once each has a cutover at its gate, or not at all`
      : ctx.neighbours.length
        ? `shares its source file with ${ctx.neighbours.map(({ profile }) => profile.source_id).join(', ')}; only rows of ${ctx.profile.source_id} are moved and fenced`
        : 'shares nothing',
    table: {
      columns: ['Profile', 'Shares'],
      rows: ctx.neighbours.map(({ profile, shares }) => [profile.source_id, shares.join(', ').replaceAll('_', ' ')]),
    },
  });
}
