import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { runningProcess } from '@/lib/services/managed-process';
import { observeInstance, type InstanceReading } from '@/lib/services/observe-instance';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { checkpoint } from './parts/checkpoint';
import type { MachineStep, StepContext } from './step';

const params = z.strictObject({
  mode: z.string(),
  /** Equal answers in a row, per instance. */
  times: z.number().int().min(1).max(1000).default(5),
  every_ms: z.number().int().min(10).max(60_000).default(150),
});
type Params = z.infer<typeof params>;

export const step = {
  kind: 'verify-mode',
  title: 'Verify the backend mode',
  why: 'One good answer can come from a service that falls over; several in a row from the same process cannot.',
  params,
  async plan(ctx, { mode, times, every_ms: everyMs }) {
    return {
      lines: ctx.services.flatMap((service) =>
        service.instances.map((url) => ({
          type: 'http' as const,
          on: 'service',
          effect: 'read' as const,
          does: `Asks ${times} times, every ${everyMs} ms; each answer must be healthy and report ${mode}.`,
          text: `GET ${url}${service.observe.path}`,
          undo: 'nothing to undo',
        })),
      ),
    };
  },
  async run(ctx) {
    ctx.log('info', 'Nothing is written; the answers are the check.');
  },
  async check(ctx, wanted) {
    const checkpoints = [];
    for (const service of ctx.services) {
      for (const url of service.instances) checkpoints.push(await askInstance(ctx, service, url, wanted));
    }
    return { checkpoints };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;

async function askInstance(
  ctx: StepContext,
  service: ServiceEntry,
  url: string,
  { mode, times, every_ms: everyMs }: Params,
) {
  const processes = new Set<string>();
  const readings: InstanceReading[] = [];
  for (let asked = 0; asked < times; asked += 1) {
    ctx.throwIfEnded();
    if (asked > 0) await sleep(everyMs, undefined, { signal: ctx.signal });
    const running = service.restart.kind === 'managed' ? runningProcess(service.name) : null;
    processes.add(
      service.restart.kind === 'managed'
        ? `pid ${running?.pid ?? 'none'} born ${running?.birth ?? '?'}`
        : 'not managed',
    );
    readings.push(await observeInstance(service, url, ctx.profile.headers, ctx.signal));
    ctx.progress({ unit: 'requests', done: asked + 1, total: times });
  }
  const right = readings.filter((reading) => reading.healthy && reading.observed === mode).length;
  const known = readings.every((reading) => reading.observed !== null);
  const same = processes.size === 1;
  return checkpoint(
    `mode-${url}`,
    `${service.name} at ${url} reports ${mode}, ${times} times in a row, from one process`,
    right === times && same ? true : known ? false : null,
    {
      summary: `${right} of ${times} answers healthy in ${mode}; ${[...processes].map((one) => one.replace(/ born .*/, '')).join(', ')}`,
      probes: readings.map((reading, index) => ({
        what: `answer ${index + 1}`,
        expected: `healthy, ${mode}`,
        got:
          reading.error ??
          `${reading.healthy ? 'healthy' : 'not healthy'}, ${reading.observed ?? 'unknown'}, ${reading.latencyMs} ms`,
        passed: reading.healthy && reading.observed === mode,
      })),
    },
  );
}
