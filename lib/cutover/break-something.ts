import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { readDamage } from '@/db/queries/audit/read-damage';
import { readWorkers } from '@/db/queries/views/read-workers';
import type { Reader, Tx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError, type ErrorFacts } from '@/lib/errors';
import { currentFleet } from '@/lib/fleet/load';
import { homeFolder } from '@/lib/services/data-home';
import { keepStopped, stopManaged } from '@/lib/services/managed-process';
import { wantTargetStopped } from '@/lib/services/target-stop';
import { breaks } from '@/lib/shared/breaks';
import { workerSilentMs } from '@/lib/shared/worker-times';
import type { VerbContext } from './context';
import { pressOnce } from './press';
import { requireRole } from './who-may';

const Input = z.object({
  key: z.string().optional(),
  what: z.enum(breaks),
  /** Service to stop or start. */
  service: z.string().optional(),
  /** Cutover whose target loses the value of one row. */
  cutoverId: z.string().optional(),
});
type Wanted = z.output<typeof Input>;

const refuse = (message: string, advice: string): CutoverError =>
  new CutoverError({ code: 'state_forbids', message, advice });

/** Breaks one thing of the demo on purpose, or mends it. Refused outside the demo, whoever asks.
 *  @throws CutoverError state_forbids | role_missing */
export async function breakSomething({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ said: string }> {
  const role = requireRole(ctx, 'break');
  if (process.env.CUTOVER_DEMO !== '1')
    throw refuse('Nothing is broken on purpose outside the demo.', 'Start npm run demo to see how it recovers.');
  const wanted = Input.parse(input);
  const { said, pressId } = await pressOnce(ctx, 'break-something', wanted.key, async (tx) => {
    const { said, after, pressId = null } = await act(tx, wanted);
    await appendAudit(tx, {
      actor: ctx.actor.id,
      role,
      act: `demo-${wanted.what}`,
      summary: `Demo: ${said}`,
      what: { service: wanted.service ?? null, cutoverId: wanted.cutoverId ?? null },
    });
    await after?.();
    return { said, pressId };
  });
  if (pressId) await damageDone(ctx.db, pressId);
  return { said };
}

type Done = {
  said: string /** Of what a worker does: it records what came of it under this. */;
  pressId?: string;
  after?: () => void | Promise<void>;
};

function act(tx: Tx, wanted: Wanted): Done | Promise<Done> {
  switch (wanted.what) {
    case 'kill-worker':
      return killWorker(tx);
    case 'stop-target':
      return {
        said: 'the target server is being stopped',
        after: () => wantTargetStopped(homeFolder(), true),
      };
    case 'start-target':
      return {
        said: 'the target server is being started again',
        after: () => wantTargetStopped(homeFolder(), false),
      };
    case 'stop-service': {
      const service = serviceNamed(wanted.service);
      return { said: `${service.name} was stopped`, after: async () => void (await stopManaged(service)) };
    }
    case 'start-service': {
      const service = serviceNamed(wanted.service);
      return { said: `${service.name} is being started again`, after: () => keepStopped(service, false) };
    }
    case 'damage-row':
      return damageRow(tx, wanted.cutoverId);
  }
}

/** The one at work goes before an idle one: that is what a person wants to see survived. */
async function killWorker(tx: Tx): Promise<Done> {
  const here = (await readWorkers(tx)).filter(
    ({ host, beatAgeMs }) => host === os.hostname() && beatAgeMs < workerSilentMs,
  );
  const victim = [...here].sort((a, b) => b.attempts - a.attempts)[0];
  if (!victim) throw refuse('No worker answers on this machine.', 'The launcher starts one within seconds.');
  return {
    said: `${victim.name} was killed (pid ${victim.pid})`,
    after: () => {
      process.kill(victim.pid, 'SIGKILL');
    },
  };
}

function serviceNamed(name: string | undefined) {
  const services = currentFleet().systems.flatMap((system) => system.services);
  const found = services.find((service) => service.name === name && service.restart.kind === 'managed');
  if (found) return found;
  throw refuse(`The fleet has no managed service ${name ?? ''}.`, 'Choose one of the menu.');
}

/** Only the worker knows the target's DSN, so it does it; the gate of the cutover is asked there again. */
async function damageRow(tx: Tx, cutoverId: string | undefined): Promise<Done> {
  if (!cutoverId) throw refuse('No cutover was named.', 'Choose one of the menu.');
  const pressId = `damage:${randomUUID()}`;
  await tx.execute(sql`select graphile_worker.add_job('demo_damage',
    json_build_object('cutoverId', ${cutoverId}::text, 'pressId', ${pressId}::text), max_attempts => 1)`);
  return { said: 'the worker damages one row of the target', pressId };
}

/** Longest wait for the worker, ms: a target that is down is known by then, and no page stands still for longer. */
const damageWaitMs = 8_000;

/** Waits until the worker has damaged the row, so that a failure reaches who pressed. @throws CutoverError as the worker met it */
async function damageDone(db: Reader, pressId: string): Promise<void> {
  for (const until = Date.now() + damageWaitMs; Date.now() < until; await sleep(200)) {
    const body = await readDamage(db, pressId);
    if (body === null) continue;
    const { error } = (JSON.parse(body) as { what: { error?: ErrorFacts } }).what;
    if (error) throw new CutoverError(error);
    return;
  }
  throw new CutoverError({
    code: 'state_forbids',
    message: 'No worker has damaged the row yet.',
    advice: 'Look whether a worker is at work and the target answers; the audit log says what comes of it.',
    retry: 'later',
  });
}
