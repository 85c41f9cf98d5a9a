import { z } from 'zod';
import { writeFlightCard } from '@/lib/services/flight-card';
import { freezeOf } from '@/lib/services/freeze-http';
import { flightCardName } from '@/lib/services/flight-card-form';
import type { PlanLine } from '@/lib/shared/evidence';
import { checkpoint } from './parts/checkpoint';
import { noteHeld } from './parts/held-reading';
import { holdService, holdWords, isStartBlocked, isStill, readHold, readHoldSettled } from './parts/hold-service';
import { clearStartHeld, openToUsers } from './parts/let-through';
import type { MachineStep, StepContext } from './step';

const params = z.strictObject({});
type Params = z.infer<typeof params>;

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
        does: `${service.name} holds writes; requests in flight end. Everyone behind it waits, neighbours too${longest}. If it is down, ${freeze.start_held_variable} in its env file makes any start a held one instead.`,
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
      await holdService(ctx, service, Math.min(ctx.step.limit_seconds, ctx.runbook.freeze_limit_seconds));
    }
    const since = (await ctx.state.get<string>('frozenAt')) ?? new Date().toISOString();
    await ctx.state.set('frozenAt', since);
    ctx.setFact('frozenAt', since);
  },
  async check(ctx) {
    await noteHeld(ctx);
    const checkpoints = [];
    for (const service of ctx.services) {
      const { instances } = await readHold(ctx, service);
      const isBlocked = isStartBlocked(service);
      const isUnknown = instances.some(({ is }) => is === 'unknown');
      checkpoints.push(
        checkpoint(
          `held-${service.name}`,
          `${service.name} holds writes, and none is in flight`,
          isUnknown ? null : instances.every((one) => isStill(one, isBlocked)),
          {
            summary: instances.map((one) => holdWords(one, isBlocked)).join('; '),
            probes: instances.map((one) => ({
              what: one.url,
              expected: 'held true, 0 in flight; or down, and started held',
              got: holdWords(one, isBlocked),
              passed: isStill(one, isBlocked),
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
      const { instances } = await readHoldSettled(ctx, service);
      const answering = instances.filter(({ is }) => is !== 'down').map(({ url }) => url);
      if (!answering.length) continue;
      await openToUsers(ctx, { ...service, instances: answering });
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
