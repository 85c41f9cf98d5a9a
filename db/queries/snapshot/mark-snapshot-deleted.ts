import { and, eq, isNull, sql } from 'drizzle-orm';
import { cutover, snapshot } from '@/db/schema';
import type { Tx } from '@/db/tx';

/** False when it was marked before, or its cutover has not ended. */
export async function markSnapshotDeleted(tx: Tx, id: string): Promise<boolean> {
  const ended = sql`exists (select 1 from ${cutover} where ${cutover.id} = ${snapshot.cutoverId} and ${cutover.state} in ('closed', 'abandoned'))`;
  const rows = await tx
    .update(snapshot)
    .set({ deletedAt: sql`clock_timestamp()` })
    .where(and(eq(snapshot.id, id), isNull(snapshot.deletedAt), ended))
    .returning({ id: snapshot.id });
  return rows.length > 0;
}
