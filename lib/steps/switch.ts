import { z } from 'zod';
import { lossOf } from '@/lib/dataplane';
import { toFacts } from '@/lib/errors';
import type { PlanLine, RowDiffSummary } from '@/lib/shared/evidence';
import { envDifference, readEnvFile } from '@/lib/services/env-file';
import { freezeHeaders, heldWords, readFreeze } from '@/lib/services/freeze-http';
import { runningProcess } from '@/lib/services/managed-process';
import { observeInstance } from '@/lib/services/observe-instance';
import { changeBackend, heldChanges } from './parts/change-backend';
import { checkpoint } from './parts/checkpoint';
import { diffNow } from './parts/row-diff-evidence';
import { firstService, secretOf } from './parts/places';
import type { MachineStep, StepContext } from './step';

const params = z.strictObject({ to: z.string() });
type Params = z.infer<typeof params>;

const otherOf = (ctx: StepContext, to: string): string => (to === ctx.runbook.to ? ctx.runbook.from : ctx.runbook.to);

export const step = {
  kind: 'switch',
  title: 'Switch the backend',
  why: 'The service goes to the other backend while users are held.',
  params,
  async plan(ctx, { to }) {
    const back = otherOf(ctx, to);
    const lines = ctx.services.flatMap((service): PlanLine[] => {
      const env = readEnvFile(service.env_file);
      // The difference is told from the mode we come from, so that a plan made again in mid-switch is the same plan.
      const values = { ...env.values, [service.mode_variable]: back };
      const held = service.freeze?.start_held_variable;
      if (held) delete values[held];
      const shown = Object.fromEntries(
        Object.entries(heldChanges(ctx, service, to)).map(([name, value]) => [
          name,
          name === held ? '<bypass of this cutover>' : value,
        ]),
      );
      return [
        {
          type: 'env',
          on: 'service',
          effect: 'write',
          does: `Writes ${service.env_file}, whole or not at all; every other line stays.`,
          text: envDifference(values, shown),
          undo: `${service.mode_variable}=${back} is written back`,
        },
        {
          type: 'command',
          on: 'service',
          effect: 'write',
          does: `Restarts ${service.name}; it starts held. ${service.restart.kind === 'managed' ? 'The old process is gone before the new one starts.' : ''}`.trim(),
          text: service.restart.argv.join(' '),
          undo: `it is restarted with ${service.mode_variable}=${back}`,
        },
        {
          type: 'wait',
          on: 'service',
          effect: 'read',
          does: `Waits until every instance is healthy and reports ${to}, at most ${service.ready_seconds} s.`,
          text: service.instances.map((url) => `GET ${url}${service.observe.path}`).join('\n'),
          undo: 'nothing to undo',
        },
      ];
    });
    const loss = to === ctx.runbook.from ? await lossNow(ctx) : undefined;
    return loss ? { lines, loss } : { lines };
  },
  async run(ctx, { to }) {
    for (const service of ctx.services) await changeBackend(ctx, service, to);
    ctx.setFact('switchedAt', new Date().toISOString());
  },
  async check(ctx, { to }) {
    const checkpoints = [];
    for (const service of ctx.services) {
      const env = readEnvFile(service.env_file);
      const readings = await Promise.all(
        service.instances.map((url) => observeInstance(service, url, ctx.profile.headers, ctx.signal)),
      );
      const declared = env.values[service.mode_variable];
      const running = service.restart.kind === 'managed' ? runningProcess(service.name) : null;
      const fresh = service.restart.kind !== 'managed' || running?.envDigest === env.digest;
      const known = readings.every((reading) => reading.observed !== null);
      checkpoints.push(
        checkpoint(
          `mode-${service.name}`,
          `${service.name} runs in ${to}`,
          known ? declared === to && readings.every((r) => r.observed === to) && fresh : null,
          {
            summary: `declared ${declared ?? 'not set'}, observed ${readings.map((r) => r.observed ?? 'unknown').join(', ')}${running ? `, pid ${running.pid}` : ''}`,
            digests: [{ of: service.env_file, sha256: env.digest }],
            probes: readings.map((r) => ({
              what: `GET ${r.url}${service.observe.path}`,
              expected: to,
              got: r.error ?? r.observed ?? 'unknown',
              passed: r.observed === to,
            })),
          },
        ),
      );
      if (!service.freeze) continue;
      const states = await readFreeze(service, freezeHeaders(service, ctx.profile.headers, secretOf(ctx)), ctx.signal);
      checkpoints.push(
        checkpoint(
          `held-${service.name}`,
          `${service.name} still holds users`,
          states.some((s) => s.held === null) ? null : states.every((s) => s.held === true),
          {
            summary: states.map((s) => s.error ?? heldWords(s.held)).join('; '),
          },
        ),
      );
    }
    return { checkpoints };
  },
  async undo(ctx, { to }) {
    for (const service of ctx.services) await changeBackend(ctx, service, otherOf(ctx, to));
  },
} satisfies MachineStep<Params>;

/** Rows of the target that the source does not hold: what going back would drop. Undefined when it cannot be found out. */
async function lossNow(ctx: StepContext): Promise<RowDiffSummary | undefined> {
  const service = firstService(ctx);
  const env = readEnvFile(service.env_file);
  if (env.values[service.mode_variable] === ctx.runbook.from) return undefined;
  try {
    const { durationMs: _, ...diff } = await diffNow(ctx, 'live');
    ctx.log('info', `Going back would drop ${lossOf(diff)} rows as they are now.`);
    return diff;
  } catch (thrown) {
    ctx.throwIfEnded();
    const facts = toFacts(thrown);
    ctx.log('warn', `What would be lost is unknown: ${facts.message}`);
    return undefined;
  }
}
