import { readHeldAttempts } from '@/db/queries/worker/read-held-attempts';
import type { WorkerEnv } from './worker-env';

/** Looks at this worker's own attempts: ends those a person cancelled, kills those another has taken. */
export async function watchHeld({ db, held }: Pick<WorkerEnv, 'db' | 'held'>): Promise<void> {
  if (held.size === 0) return;
  const rows = await readHeldAttempts(db, [...held.keys()]);
  for (const [id, mine] of held) {
    const row = rows.get(id);
    if (!row || row.epoch !== mine.epoch) {
      mine.lost = true;
      mine.child.kill();
    } else if (row.state === 'cancelling' && !mine.cancelled) {
      mine.cancelled = true;
      mine.child.stop('cancelled');
    }
  }
}
