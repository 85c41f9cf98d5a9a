import { checklistTick } from '@/db/schema';
import type { Tx } from '@/db/tx';

/** False when the item is ticked already: the first tick stays. */
export async function insertTick(
  tx: Tx,
  row: { cutoverId: string; stepId: string; itemId: string; note: string; by: string },
): Promise<boolean> {
  const rows = await tx
    .insert(checklistTick)
    .values(row)
    .onConflictDoNothing()
    .returning({ itemId: checklistTick.itemId });
  return rows.length > 0;
}
