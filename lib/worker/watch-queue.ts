import { findUntakenJob } from '@/db/queries/worker/find-untaken-job';
import { every } from './every';
import type { WorkerEnv } from './worker-env';

/**
 * The queue can live on without taking anything, e.g. when its connections were reset while it started. A worker that
 * has room and twice finds the same job waiting ends, and its launcher starts a fresh one.
 * @param hasRoom whether fewer attempts run than may @param leave called once @returns stop
 */
export function watchQueue({ db, settings }: WorkerEnv, hasRoom: () => boolean, leave: () => void): () => void {
  let waiting: string | null = null;
  const stop = every(settings.untakenMs / 4, 'the look at the queue', async () => {
    const before = waiting;
    waiting = hasRoom() ? await findUntakenJob(db, settings.untakenMs) : null;
    if (waiting === null || waiting !== before || !hasRoom()) return;
    stop();
    console.error(`worker: job ${waiting} waits and is not taken; a fresh worker must`);
    leave();
  });
  return stop;
}
