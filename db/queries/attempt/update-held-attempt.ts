import { and, eq, inArray } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { attempt } from '@/db/schema';
import type { Tx } from '@/db/tx';
import type { AttemptState } from '@/lib/shared/statuses';

type Change = { [Column in keyof typeof attempt.$inferInsert]?: unknown };

/** Changes an attempt that this epoch holds; null when it does not: then nothing may be written for it any more. */
export async function updateHeldAttempt(
  db: Db | Tx,
  id: string,
  epoch: number,
  change: Change,
  states: AttemptState[] = ['running', 'checking', 'cancelling'],
): Promise<typeof attempt.$inferSelect | null> {
  const rows = await db
    .update(attempt)
    .set(change as Partial<typeof attempt.$inferInsert>)
    .where(and(eq(attempt.id, id), eq(attempt.epoch, epoch), inArray(attempt.state, states)))
    .returning();
  return rows[0] ?? null;
}
