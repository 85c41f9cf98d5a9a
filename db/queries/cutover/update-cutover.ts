import { and, eq, inArray } from 'drizzle-orm';
import { cutover } from '@/db/schema';
import type { Tx } from '@/db/tx';
import type { CutoverState } from '@/lib/shared/statuses';

type Change = Partial<Omit<typeof cutover.$inferInsert, 'id' | 'eventSeq'>>;

/** Changes the cutover if it is still in one of these states; false when it is not. */
export async function updateCutover(
  tx: Tx,
  cutoverId: string,
  from: readonly CutoverState[],
  change: Change,
): Promise<boolean> {
  const rows = await tx
    .update(cutover)
    .set(change)
    .where(and(eq(cutover.id, cutoverId), inArray(cutover.state, [...from])))
    .returning({ id: cutover.id });
  return rows.length > 0;
}
