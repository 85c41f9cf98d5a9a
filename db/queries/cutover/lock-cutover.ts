import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/tx';

/**
 * Everything that changes a cutover or its attempts waits for this row first, so that decisions are made one at a time.
 * Cutovers that were switched by one press are held together, always in the same order.
 */
export async function lockCutover(tx: Tx, cutoverId: string): Promise<boolean> {
  const { rows } = await tx.execute<{ id: string }>(sql`select id from cutover
    where id = ${cutoverId} or switch_group = (select switch_group from cutover where id = ${cutoverId})
    order by id for update`);
  return rows.some(({ id }) => id === cutoverId);
}

/** The same for all open cutovers of the process behind this one: for the press that may take them together. */
export async function lockSharing(tx: Tx, cutoverId: string): Promise<void> {
  await tx.execute(sql`select id from cutover
    where service_key = (select service_key from cutover where id = ${cutoverId})
      and (state in ('planned', 'open', 'switched', 'rolled_back') or id = ${cutoverId})
    order by id for update`);
}
