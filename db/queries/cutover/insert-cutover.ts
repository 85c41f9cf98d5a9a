import { cutover } from '@/db/schema';
import type { Tx } from '@/db/tx';

/** False when the profile has an open one: the unique index decides, so two presses at once make one. */
export async function insertCutover(tx: Tx, row: typeof cutover.$inferInsert): Promise<boolean> {
  const rows = await tx.insert(cutover).values(row).onConflictDoNothing().returning({ id: cutover.id });
  return rows.length > 0;
}
