import { eq } from 'drizzle-orm';
import { cutover } from '@/db/schema';
import type { Tx } from '@/db/tx';

/** Everything that changes a cutover or its attempts waits for this row first, so that decisions are made one at a time. */
export async function lockCutover(tx: Tx, cutoverId: string): Promise<boolean> {
  const rows = await tx.select({ id: cutover.id }).from(cutover).where(eq(cutover.id, cutoverId)).for('update');
  return rows.length > 0;
}
