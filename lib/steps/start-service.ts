import { z } from 'zod';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { readEnvFile } from '@/lib/services/env-file';
import { heldWords, readFreeze } from '@/lib/services/freeze-http';
import { runningProcess } from '@/lib/services/managed-process';
import { modeOver, observeInstance } from '@/lib/services/observe-instance';
import type { CheckpointResult, PlanLine } from '@/lib/shared/evidence';
import { changeBackend } from './parts/change-backend';
import { checkpoint } from './parts/checkpoint';
import { noteHeld } from './parts/held-reading';
import { holdHeaders } from './parts/let-through';
import { headersOf } from './parts/places';
import { restartAsItIs } from './parts/restart-as-it-is';
import { surfacesIn } from './parts/surfaces';
import type { MachineStep, StepContext } from './step';
import { stopHeld } from './stop-service';

const params = z.strictObject({});
type Params = z.infer<typeof params>;

export const step = {
  kind: 'start-service',
  title: 'Start the service, held',
  why: 'The service itself refuses a schema that it does not support; its users stay held meanwhile.',
  params,
  async plan(ctx) {
    return {
      lines: ctx.services.flatMap((service): PlanLine[] => [
        {
          type: 'command',
          on: 'service',
          effect: 'write',
          does: `Starts ${service.name} with its env file as it is; it starts held.`,
          text: service.restart.argv.join(' '),
          undo: 'it is stopped again',
        },
        {
          type: 'wait',
          on: 'service',
          effect: 'read',
          does: `Waits until every instance is healthy and reports ${ctx.runbook.to}, at most ${service.ready_seconds} s.`,
          text: service.instances.map((url) => `GET ${url}${service.observe.path}`).join('\n'),
          undo: 'nothing to undo',
        },
      ]),
    };
  },
  async run(ctx) {
    for (const service of ctx.services) await changeBackend(ctx, service, restartAsItIs(ctx, service));
  },
  async check(ctx) {
    await noteHeld(ctx, true);
    const checkpoints: CheckpointResult[] = [];
    for (const service of ctx.services) {
      checkpoints.push(await startedCheckpoint(ctx, service));
      if (service.freeze) checkpoints.push(await heldCheckpoint(ctx, service));
    }
    return { checkpoints };
  },
  async undo(ctx) {
    for (const service of ctx.services) await stopHeld(ctx, service);
  },
} satisfies MachineStep<Params>;

async function startedCheckpoint(ctx: StepContext, service: ServiceEntry): Promise<CheckpointResult> {
  const readings = await Promise.all(
    service.instances.map((url) => observeInstance(service, url, headersOf(ctx), ctx.signal)),
  );
  const modes = readings.map((reading) => modeOver(reading, surfacesIn(ctx, service)));
  const running = runningProcess(service.name);
  const isFresh = service.restart.kind !== 'managed' || running?.envDigest === readEnvFile(service.env_file).digest;
  const known = modes.every((mode) => mode !== null);
  const right = readings.every(({ healthy }) => healthy) && modes.every((mode) => mode === ctx.runbook.to) && isFresh;
  return checkpoint(
    `up-${service.name}`,
    `${service.name} runs in ${ctx.runbook.to} and is healthy`,
    known ? right : null,
    {
      summary: `observed ${modes.map((mode) => mode ?? 'unknown').join(', ')}${running ? `, pid ${running.pid}` : ''}`,
      probes: readings.map((reading, i) => ({
        what: `GET ${reading.url}${service.observe.path}`,
        expected: `healthy, ${ctx.runbook.to}`,
        got: reading.error ?? `${reading.healthy ? 'healthy' : 'not healthy'}, ${modes[i] ?? 'unknown'}`,
        passed: reading.healthy && modes[i] === ctx.runbook.to,
      })),
    },
  );
}

async function heldCheckpoint(ctx: StepContext, service: ServiceEntry): Promise<CheckpointResult> {
  const states = await readFreeze(service, holdHeaders(ctx, service), ctx.signal);
  return checkpoint(
    `held-${service.name}`,
    `${service.name} holds its users`,
    states.some(({ held }) => held === null) ? null : states.every(({ held }) => held === true),
    { summary: states.map(({ error, held }) => error ?? heldWords(held)).join('; ') },
  );
}
