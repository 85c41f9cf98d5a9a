import { z } from 'zod';
import { readEnvFile, writeEnvFile } from '@/lib/services/env-file';
import { bypassValue, freezeHeaders, freezeOf, readFreeze, setFreeze } from '@/lib/services/freeze-http';
import { withHostLock } from '@/lib/services/host-lock';
import { adoptEnvDigest } from '@/lib/services/managed-process';
import type { ServiceEntry } from '@/lib/fleet/schema';
import type { PlanLine } from '@/lib/shared/evidence';
import { checkpoint } from './parts/checkpoint';
import { secretOf } from './parts/places';
import type { MachineStep, StepContext } from './step';

const params = z.strictObject({});
type Params = z.infer<typeof params>;
const headersOf = (ctx: StepContext, service: ServiceEntry) =>
  freezeHeaders(service, ctx.profile.headers, secretOf(ctx));

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
    for (const service of ctx.services) {
      await withHostLock(
        { service: service.name, attemptId: ctx.attemptId, epoch: ctx.epoch, signal: ctx.signal },
        async (lock) => {
          await ctx.failpoint('thaw:before-env');
          lock.assertHeld();
          const { after } = await writeEnvFile(service, { [freezeOf(service).start_held_variable]: null });
          // The running process differs from the file only by how it started, so this is no drift.
          await adoptEnvDigest(service.name, after.digest);
        },
      );
      await ctx.failpoint('thaw:before-call');
      await setFreeze(service, 'off', {
        headers: headersOf(ctx, service),
        bypass: bypassValue(service, ctx.cutoverId, secretOf(ctx)),
        withinSeconds: ctx.step.limit_seconds,
        signal: ctx.signal,
      });
      ctx.log('info', `${service.name} lets users through`);
    }
    ctx.setFact('thawedAt', new Date().toISOString());
  },
  async check(ctx) {
    const checkpoints = [];
    for (const service of ctx.services) {
      const states = await readFreeze(service, headersOf(ctx, service), ctx.signal);
      const startsHeld = freezeOf(service).start_held_variable in readEnvFile(service.env_file).values;
      const unknown = states.some((state) => state.held === null);
      checkpoints.push(
        checkpoint(
          `open-${service.name}`,
          `${service.name} takes writes, also after a restart`,
          unknown ? null : states.every((state) => state.held === false) && !startsHeld,
          {
            summary: `${states.map((state) => state.error ?? `held ${state.held}`).join('; ')}; starts held: ${startsHeld ? 'yes' : 'no'}`,
          },
        ),
      );
    }
    return { checkpoints };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;
