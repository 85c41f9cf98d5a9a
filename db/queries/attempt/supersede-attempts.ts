import { and, inArray, sql } from 'drizzle-orm';
import { attempt } from '@/db/schema';
import type { Tx } from '@/db/tx';
import { liveAttemptStates, type AttemptState } from '@/lib/shared/statuses';

/** Ends live attempts at once by taking their epoch away: whoever still runs them can record nothing. Wakes the workers. */
export async function supersedeAttempts(
  tx: Tx,
  ids: string[],
  state: Extract<AttemptState, 'cancelled' | 'interrupted'>,
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .update(attempt)
    .set({ state, epoch: sql`nextval('attempt_epoch')`, endedAt: sql`clock_timestamp()` })
    .where(and(inArray(attempt.id, ids), inArray(attempt.state, [...liveAttemptStates])))
    .returning({ id: attempt.id });
  await tx.execute(sql`notify attempt_wake`);
  return rows.map(({ id }) => id);
}
