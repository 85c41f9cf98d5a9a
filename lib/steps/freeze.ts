import { z } from 'zod';
import { writeFlightCard } from '@/lib/services/flight-card';
import { bypassValue, freezeOf, heldWords, readFreeze, setFreeze, type FreezeState } from '@/lib/services/freeze-http';
import { runningProcess } from '@/lib/services/managed-process';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { flightCardName } from '@/lib/services/flight-card-form';
import type { PlanLine } from '@/lib/shared/evidence';
import { checkpoint } from './parts/checkpoint';
import { noteHeld } from './parts/held-reading';
import { clearStartHeld, holdHeaders, openToUsers } from './parts/let-through';
import { secretOf } from './parts/places';
import type { MachineStep, StepContext } from './step';

const params = z.strictObject({});
type Params = z.infer<typeof params>;

const optionsOf = (ctx: StepContext, service: ServiceEntry) => ({
  headers: holdHeaders(ctx, service),
  bypass: bypassValue(service, ctx.holdId ?? ctx.cutoverId, secretOf(ctx)),
  withinSeconds: Math.min(ctx.step.limit_seconds, ctx.runbook.freeze_limit_seconds),
  signal: ctx.signal,
});

/** No instance answers and none runs: nothing can be written through it, so it counts as held. */
const isDown = (service: ServiceEntry, states: FreezeState[]): boolean =>
  states.every((state) => state.held === null) &&
  (service.restart.kind !== 'managed' || runningProcess(service.name) === null);

export const step = {
  kind: 'freeze',
  title: 'Hold writes',
  why: 'From here nobody writes, so that both sides can be made equal and stay so.',
  params,
  async plan(ctx) {
    const isSwitch = ctx.runbook.phases.some((phase) => phase.steps.some((step) => step.id === ctx.step.id));
    const { freeze_limit_seconds: limit, from } = ctx.runbook;
    const longest = isSwitch ? `, for at most ${limit} s: then the switch returns to ${from} by itself` : '';
    const lines: PlanLine[] = ctx.services.flatMap((service): PlanLine[] => {
      const freeze = freezeOf(service);
      return service.instances.map((url) => ({
        type: 'http',
        on: 'service',
        effect: 'write',
        does: `${service.name} holds writes; requests in flight end. Everyone behind it waits, neighbours too${longest}.`,
        text: `${freeze.on.method} ${url}${freeze.on.path}${freeze.on.json === undefined ? '' : ` ${JSON.stringify(freeze.on.json)}`}`,
        undo: `${freeze.off.method} ${freeze.off.path}, at any time`,
      }));
    });
    const card: PlanLine = {
      type: 'file',
      on: 'console',
      effect: 'write',
      does: 'Writes the flight card, so that a rollback needs neither web nor control plane.',
      text: `flight/${flightCardName(ctx.system.name, ctx.profile.source_id)}`,
      undo: 'removed at close',
    };
    return { lines: isSwitch ? [card, ...lines] : lines };
  },
  async run(ctx) {
    if (ctx.runbook.phases.some((phase) => phase.steps.some((step) => step.id === ctx.step.id))) await keepCard(ctx);
    for (const service of ctx.services) {
      await ctx.failpoint('freeze:before-call');
      const before = await readFreeze(service, holdHeaders(ctx, service), ctx.signal);
      if (isDown(service, before)) {
        ctx.log('warn', `${service.name} is not running, so nothing is written through it.`);
        continue;
      }
      const states = await setFreeze(service, 'on', optionsOf(ctx, service));
      for (const state of states)
        ctx.log('info', `${state.url} holds writes; ${state.inFlight ?? 'unknown'} requests in flight`);
    }
    const since = (await ctx.state.get<string>('frozenAt')) ?? new Date().toISOString();
    await ctx.state.set('frozenAt', since);
    ctx.setFact('frozenAt', since);
  },
  async check(ctx) {
    await noteHeld(ctx);
    const checkpoints = [];
    for (const service of ctx.services) {
      const states = await readFreeze(service, holdHeaders(ctx, service), ctx.signal);
      const down = isDown(service, states);
      const unknown = !down && states.some((state) => state.held === null);
      const held = down || states.every((state) => state.held === true && (state.inFlight ?? 0) === 0);
      checkpoints.push(
        checkpoint(
          `held-${service.name}`,
          `${service.name} holds writes, and none is in flight`,
          unknown ? null : held,
          {
            summary: down
              ? 'no instance is running'
              : states.map((s) => s.error ?? `${heldWords(s.held)}, ${s.inFlight ?? 0} in flight`).join('; '),
            probes: states.map((s) => ({
              what: s.url,
              expected: 'held true, 0 in flight',
              got: s.error ?? `held ${s.held}, ${s.inFlight ?? 0} in flight`,
              passed: s.held === true,
            })),
          },
        ),
      );
    }
    return { checkpoints };
  },
  async undo(ctx) {
    for (const service of ctx.services) {
      await clearStartHeld(ctx, service);
      const states = await readFreeze(service, holdHeaders(ctx, service), ctx.signal);
      if (isDown(service, states)) continue;
      await openToUsers(ctx, service);
      ctx.log('info', `${service.name} lets users through again`);
    }
    await ctx.state.set('frozenAt', null);
  },
} satisfies MachineStep<Params>;

/** What the runtime rollback takes away; break-glass does as it would. */
const unsetOnReturn = ({ runbook }: StepContext): string[] =>
  runbook.rollbacks.runtime.steps
    .filter(({ kind }) => kind === 'switch')
    .flatMap(({ params }) => (Array.isArray(params.unset) ? params.unset.map(String) : []));

async function keepCard(ctx: StepContext): Promise<void> {
  const card = await writeFlightCard({
    cutoverId: ctx.cutoverId,
    ...(ctx.holdId ? { holdId: ctx.holdId } : {}),
    system: ctx.system.name,
    profile: ctx.profile,
    services: ctx.services,
    epoch: ctx.epoch,
    from: ctx.runbook.from,
    to: ctx.runbook.to,
    surfaces: ctx.runbook.surfaces,
    unset: unsetOnReturn(ctx),
    allowedRoots: ctx.allowedRoots,
  });
  ctx.setFact(
    'oldEnvDigests',
    Object.fromEntries(card.services.map((service) => [service.entry.name, service.oldEnvDigest])),
  );
}
