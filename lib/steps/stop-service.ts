import { z } from 'zod';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { writeEnvFile } from '@/lib/services/env-file';
import { withHostLock } from '@/lib/services/host-lock';
import { stopManaged } from '@/lib/services/managed-process';
import { isDown, portWords, readDown } from '@/lib/services/read-down';
import type { PlanLine } from '@/lib/shared/evidence';
import { changeBackend, heldChanges } from './parts/change-backend';
import { checkpoint } from './parts/checkpoint';
import { countBeforeEnd, noteHeld, processName } from './parts/held-reading';
import { restartAsItIs } from './parts/restart-as-it-is';
import type { MachineStep, StepContext } from './step';

const params = z.strictObject({});
type Params = z.infer<typeof params>;

export const step = {
  kind: 'stop-service',
  title: 'Stop the service',
  why: 'With no process left, nothing reads or writes what is about to be replaced.',
  params,
  async plan(ctx) {
    return {
      lines: ctx.services.map(
        (service): PlanLine => ({
          type: 'command',
          on: 'service',
          effect: 'write',
          does: `Stops ${service.name} and keeps it down; whoever starts it starts it held.`,
          text: `SIGTERM to ${service.restart.argv.join(' ')}`,
          undo: 'it is started again, held',
        }),
      ),
    };
  },
  async run(ctx) {
    for (const service of ctx.services) await stopHeld(ctx, service);
  },
  async check(ctx) {
    await noteHeld(ctx, true);
    const checkpoints = [];
    for (const service of ctx.services) {
      const { running, ports } = await readDown(service, ctx.signal);
      checkpoints.push(
        checkpoint(
          `down-${service.name}`,
          `No process of ${service.name} is left`,
          running === null && ports.some(({ listening }) => listening === null) ? null : isDown({ running, ports }),
          {
            summary: running
              ? `pid ${running.pid} is still there`
              : `no process; ${ports.map(({ listening }) => portWords(listening)).join('; ')}`,
            probes: ports.map(({ url, listening }) => ({
              what: `A connection to ${url}`,
              expected: 'refused',
              got: portWords(listening),
              passed: listening === false,
            })),
          },
        ),
      );
    }
    return { checkpoints };
  },
  async undo(ctx) {
    for (const service of ctx.services) await changeBackend(ctx, service, restartAsItIs(ctx, service));
  },
} satisfies MachineStep<Params>;

/** The env file says first that a fresh process starts held, so that no start from elsewhere lets anybody through. */
export async function stopHeld(ctx: StepContext, service: ServiceEntry): Promise<void> {
  const lockInput = { service: service.name, attemptId: ctx.attemptId, epoch: ctx.epoch, signal: ctx.signal };
  await withHostLock(lockInput, async (lock) => {
    lock.assertHeld();
    await countBeforeEnd(ctx, service, processName(service));
    await writeEnvFile(service, heldChanges(ctx, service, restartAsItIs(ctx, service)));
    await ctx.failpoint('stop:before-end');
    lock.assertHeld();
    ctx.log('info', `${service.name}: ${await stopManaged(service)}`);
  });
}
