import { readHeldAttempts } from '@/db/queries/worker/read-held-attempts';
import type { WorkerEnv } from './worker-env';

/** Looks at this worker's own attempts: ends those a person cancelled, kills those another has taken. */
export async function watchHeld({ db, held }: Pick<WorkerEnv, 'db' | 'held'>): Promise<void> {
  if (held.size === 0) return;
  const asked = [...held];
  const rows = await readHeldAttempts(
    db,
    asked.map(([id]) => id),
  );
  for (const [id, mine] of asked) {
    // Ended meanwhile: its process may be at the next attempt already. One taken meanwhile was not asked about.
    if (held.get(id) !== mine) continue;
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
