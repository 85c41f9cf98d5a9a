import type { Progress } from '@/lib/shared/evidence';
import { rateMeter } from './rate-meter';

type Reading = Omit<Progress, 'at' | 'startedAt'>;

/** A step's readings on their way to the worker: one in a while, and always the last. `flush` sends what still waits;
 *  call it before anything is said that ends the step. */
export function tellProgress(
  send: (progress: Progress) => void,
  everyMs = 200,
): { tell(reading: Reading): void; flush(): void } {
  const startedAt = new Date().toISOString();
  const rateAt = rateMeter();
  let waiting: Reading | null = null;
  let timer: NodeJS.Timeout | null = null;
  let lastMs = 0;
  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (!waiting) return;
    const now = Date.now();
    send({
      ...waiting,
      perSecond: rateAt(waiting.done - (waiting.kept ?? 0), now),
      startedAt,
      at: new Date(now).toISOString(),
    });
    waiting = null;
    lastMs = now;
  };
  return {
    tell(reading) {
      waiting = reading;
      const leftMs = lastMs + everyMs - Date.now();
      if (leftMs <= 0) flush();
      else timer ??= setTimeout(flush, leftMs).unref();
    },
    flush,
  };
}
