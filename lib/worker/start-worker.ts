import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import os from 'node:os';
import { run, type WorkerEvents } from 'graphile-worker';
import { openDb, openPool } from '@/db/client';
import { registerWorker, removeWorker, setEngineRef } from '@/db/queries/worker/register-worker';
import { quietLogger } from '@/db/quiet-logger';
import type { MachineReading } from '@/lib/shared/machine-reading';
import { damageOneRow } from './damage-row';
import { keepBeating } from './keep-beating';
import { keepPlanChildren } from './plan-children';
import { listenForWake } from './listen-for-wake';
import { runAttempts } from './run-attempt';
import { watchHeld } from './watch-held';
import { watchQueue } from './watch-queue';
import { defaultSettings, type WorkerEnv, type WorkerSettings } from './worker-env';

export type WorkerInput = {
  url: string;
  home: string;
  childPath: string;
  settings?: Partial<WorkerSettings>;
  machine?: MachineReading;
  secrets(): Record<string, string>;
  allowedRoots(): string[];
  /** Called when this worker must end: its row is gone, or the queue gave up. */
  leave(code: number): void;
};
export type RunningWorker = { env: WorkerEnv; stop(): Promise<void> };

/** Registers a worker and runs jobs until stopped. Its id is new with every life, so an old self is never mistaken for it. */
export async function startWorker(input: WorkerInput): Promise<RunningWorker> {
  const settings = { ...defaultSettings, ...input.settings };
  const pool = openPool(input.url, { name: 'cutover-worker', max: settings.concurrency * 3 + 6 });
  const db = openDb(pool);
  const id = `${os.hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`;
  const env: WorkerEnv = {
    id,
    db,
    home: input.home,
    childPath: input.childPath,
    settings,
    held: new Map(),
    planChildren: keepPlanChildren(input.childPath, settings.planIdleMs),
    secrets: input.secrets,
    allowedRoots: input.allowedRoots,
  };
  await registerWorker(db, {
    id,
    name: `worker-${id.split(':').at(-1)?.slice(0, 4)}`,
    host: os.hostname(),
    pid: process.pid,
    machine: input.machine ?? {},
  });
  const events = new EventEmitter() as unknown as WorkerEvents;
  let engineRef = '';
  events.on('pool:create', ({ workerPool }) => {
    engineRef = workerPool.id;
  });
  const stopBeating = keepBeating(env, () => abandon(70));
  const stopListening = listenForWake(input.url, 'attempt_wake', () => {
    watchHeld(env).catch(() => undefined);
  });
  let running = 0;
  const stopWatching = watchQueue(
    env,
    () => running < settings.concurrency,
    () => abandon(71),
  );
  const runner = await run({
    pgPool: pool,
    events,
    concurrency: settings.concurrency,
    pollInterval: settings.pollMs,
    noHandleSignals: true,
    logger: quietLogger,
    taskList: {
      attempt: async (payload) => {
        const job = payload as { id: string; epoch: number };
        running += 1;
        await runAttempts(env, job.id, job.epoch).finally(() => {
          running -= 1;
        });
      },
      demo_damage: (payload) => damageOneRow(db, payload as { cutoverId: string; pressId: string }, env.secrets()),
    },
  });
  await setEngineRef(db, id, engineRef);
  let stopping = false;
  runner.promise.catch(() => {
    if (!stopping) abandon(1);
  });

  function loseAll(): void {
    for (const mine of env.held.values()) {
      mine.lost = true;
      mine.child.kill();
    }
    env.planChildren.end();
  }
  function abandon(code: number): void {
    loseAll();
    input.leave(code);
  }
  return {
    env,
    async stop() {
      stopping = true;
      stopBeating();
      stopWatching();
      // Unfinished attempts are left to others, who find this worker gone at their next sweep.
      loseAll();
      await stopListening();
      await runner.stop().catch(() => undefined);
      await removeWorker(db, id).catch(() => undefined);
      await pool.end().catch(() => undefined);
    },
  };
}
