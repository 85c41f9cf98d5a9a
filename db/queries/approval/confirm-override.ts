import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import { override } from '@/db/schema';
import type { Tx } from '@/db/tx';

/** False when it was confirmed already, or the same person asked for it. */
export async function confirmOverrideRow(tx: Tx, cutoverId: string, id: string, by: string): Promise<boolean> {
  const rows = await tx
    .update(override)
    .set({ confirmedBy: by, confirmedAt: sql`clock_timestamp()` })
    .where(
      and(eq(override.cutoverId, cutoverId), eq(override.id, id), isNull(override.confirmedBy), ne(override.by, by)),
    )
    .returning({ id: override.id });
  return rows.length > 0;
}
