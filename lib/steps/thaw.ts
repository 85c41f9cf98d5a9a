import { z } from 'zod';
import { freezeOf, heldWords, readFreeze } from '@/lib/services/freeze-http';
import type { PlanLine } from '@/lib/shared/evidence';
import { checkpoint } from './parts/checkpoint';
import { noteHeld } from './parts/held-reading';
import { clearStartHeld, holdHeaders, openToUsers, startsHeld } from './parts/let-through';
import type { MachineStep } from './step';

const params = z.strictObject({});
type Params = z.infer<typeof params>;

export const step = {
  kind: 'thaw',
  title: 'Let users through',
  why: 'Writes go on; from here what users write is on this side.',
  params,
  async plan(ctx) {
    return {
      lines: ctx.services.flatMap((service): PlanLine[] => {
        const freeze = freezeOf(service);
        return [
          {
            type: 'env',
            on: 'service',
            effect: 'write',
            does: 'A later restart of the service does not start held.',
            text: `-${freeze.start_held_variable}=<bypass of this cutover>`,
            undo: 'writes can be held again at any time',
          },
          ...service.instances.map(
            (url): PlanLine => ({
              type: 'http',
              on: 'service',
              effect: 'write',
              does: `${service.name} takes writes.`,
              text: `${freeze.off.method} ${url}${freeze.off.path}`,
              undo: 'writes can be held again at any time',
            }),
          ),
        ];
      }),
    };
  },
  async run(ctx) {
    // Letting users through sets the service's counts to zero.
    await noteHeld(ctx);
    for (const service of ctx.services) {
      await ctx.failpoint('thaw:before-env');
      await clearStartHeld(ctx, service);
      await ctx.failpoint('thaw:before-call');
      await openToUsers(ctx, service);
      ctx.log('info', `${service.name} lets users through`);
    }
    ctx.setFact('thawedAt', new Date().toISOString());
  },
  async check(ctx) {
    const checkpoints = [];
    for (const service of ctx.services) {
      const states = await readFreeze(service, holdHeaders(ctx, service), ctx.signal);
      const held = startsHeld(service);
      const unknown = states.some((state) => state.held === null);
      checkpoints.push(
        checkpoint(
          `open-${service.name}`,
          `${service.name} takes writes, also after a restart`,
          unknown ? null : states.every((state) => state.held === false) && !held,
          {
            summary: `${states.map((state) => state.error ?? heldWords(state.held)).join('; ')}; ${held ? 'held again' : 'the same'} after a restart`,
          },
        ),
      );
    }
    return { checkpoints };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;
