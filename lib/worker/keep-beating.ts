import { beatWorker } from '@/db/queries/worker/beat-worker';
import { sweep } from './sweep';
import { watchHeld } from './watch-held';
import { isAway } from './while-away';
import type { WorkerEnv } from './worker-env';

/**
 * Heartbeat, own attempts and sweep, one after another. A worker judges others only after its own beats were without a
 * gap for the dead time: after an outage every heartbeat is old. @param leave called once when this worker's row is gone
 */
export function keepBeating(worker: WorkerEnv, leave: () => void): () => void {
  const { beatMs, deadMs } = worker.settings;
  // A clock that is set back must not put the judging off for hours, and one that stood still with the machine must not hide
  // the gap: the steady one measures, and either shows a gap.
  let gaplessSince = performance.now();
  let lastBeat = { steady: performance.now(), wall: Date.now() };
  let busy = false;
  const tick = async (): Promise<void> => {
    const gapMs = Math.max(performance.now() - lastBeat.steady, Math.abs(Date.now() - lastBeat.wall));
    if (gapMs > deadMs / 2) gaplessSince = performance.now();
    if (!(await beatWorker(worker.db, worker.id))) return leave();
    lastBeat = { steady: performance.now(), wall: Date.now() };
    await watchHeld(worker);
    if (lastBeat.steady - gaplessSince >= deadMs) await sweep(worker.db, deadMs);
  };
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    tick()
      .catch((thrown: unknown) => {
        gaplessSince = performance.now();
        if (!isAway(thrown))
          console.error('worker: heartbeat failed:', thrown instanceof Error ? thrown.message : thrown);
      })
      .finally(() => {
        busy = false;
      });
  }, beatMs);
  return () => clearInterval(timer);
}
