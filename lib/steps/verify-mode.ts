import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { runningProcess } from '@/lib/services/managed-process';
import { type InstanceReading, modeOf, modeOver, observeInstance } from '@/lib/services/observe-instance';
import type { ServiceEntry } from '@/lib/fleet/schema';
import type { Surface } from '@/lib/fleet/surfaces';
import { readEnvFile } from '@/lib/services/env-file';
import { likelyCause } from '@/lib/services/likely-cause';
import { checkpoint } from './parts/checkpoint';
import { noteHeld } from './parts/held-reading';
import { surfacesIn } from './parts/surfaces';
import type { MachineStep, StepContext } from './step';
import { headersOf } from './parts/places';

const params = z.strictObject({
  mode: z.string(),
  /** Surfaces to ask for. (Default: all that the cutover moves) */
  surfaces: z.array(z.string()).min(1).optional(),
  /** What must stay where it is: name in observe.stays → the service's word. */
  stays: z.record(z.string(), z.string()).default({}),
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
  async plan(ctx, { mode, surfaces, stays, times, every_ms: everyMs }) {
    return {
      lines: ctx.services.flatMap((service) =>
        service.instances.map((url) => ({
          type: 'http' as const,
          on: 'service',
          effect: 'read' as const,
          does: `Asks ${times} times, every ${everyMs} ms; each answer must be healthy and report ${reportWords(surfacesIn(ctx, service, surfaces), mode)}${Object.entries(
            stays,
          )
            .map(([name, is]) => `, and ${name} ${is}`)
            .join('')}.`,
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
    await noteHeld(ctx);
    return { checkpoints };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;

async function askInstance(
  ctx: StepContext,
  service: ServiceEntry,
  url: string,
  { mode, surfaces: named, stays, times, every_ms: everyMs }: Params,
) {
  const surfaces = surfacesIn(ctx, service, named);
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
    readings.push(await observeInstance(service, url, headersOf(ctx), ctx.signal));
    ctx.progress({ unit: 'requests', done: asked + 1, total: times });
  }
  const isRight = (reading: InstanceReading): boolean =>
    reading.healthy && modeOver(reading, surfaces) === mode && staysWrong(reading, stays).length === 0;
  const right = readings.filter(isRight).length;
  const known = readings.every((reading) => modeOver(reading, surfaces) !== null);
  const strayed = [...new Set(readings.flatMap((reading) => staysWrong(reading, stays)))];
  const behind = surfaces.filter(({ name }) => name !== null && readings.some((one) => modeOf(one, name) !== mode));
  const same = processes.size === 1;
  return checkpoint(
    `mode-${url}`,
    `${service.name} at ${url} reports ${reportWords(surfaces, mode)}, ${times} times in a row, from one process`,
    right === times && same ? true : known ? false : null,
    {
      summary: [
        `${right} of ${times} answers healthy in ${mode}`,
        [...processes].map((one) => one.replace(/ born .*/, '')).join(', '),
        ...behind.map((surface) => behindWords(ctx, service, surface, readings)),
        ...strayed,
      ].join('; '),
      probes: readings.map((reading, index) => ({
        what: `answer ${index + 1}`,
        expected: `healthy, ${reportWords(surfaces, mode)}`,
        got:
          reading.error ??
          [
            reading.healthy ? 'healthy' : 'not healthy',
            ...surfaces.map(({ name }) => `${name === null ? '' : `${name} `}${modeOf(reading, name) ?? 'unknown'}`),
            `${reading.latencyMs} ms`,
          ].join(', '),
        passed: isRight(reading),
      })),
    },
  );
}

const reportWords = (surfaces: readonly Surface[], mode: string): string =>
  surfaces.some(({ name }) => name !== null) ? `${mode} for ${surfaces.map(({ name }) => name).join(', ')}` : mode;

/** What stays on purpose and does not say so now. */
const staysWrong = (reading: InstanceReading, stays: Params['stays']): string[] =>
  Object.entries(stays).flatMap(([name, is]) => {
    const said = reading.stays.find((one) => one.name === name)?.said ?? null;
    return said === is ? [] : [`${name} must stay ${is}, and reports ${said ?? 'nothing'}`];
  });

/** A surface that is not where it should be, with its likely cause. */
function behindWords(ctx: StepContext, service: ServiceEntry, surface: Surface, instances: InstanceReading[]): string {
  const env = readEnvFile(service.env_file);
  const observed = instances.at(-1) ? modeOf(instances.at(-1) as InstanceReading, surface.name) : null;
  const declared = env.values[surface.variable] ?? null;
  const cause = likelyCause({ service, surface, env, declared, observed, instances: instances.slice(-1), error: null });
  ctx.log('warn', `${surface.label} reports ${observed ?? 'nothing'}. ${cause ?? ''}`);
  return `${surface.label} on ${observed ?? 'unknown'}${cause ? `: ${cause}` : ''}`;
}
