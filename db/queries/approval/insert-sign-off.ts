import { sql } from 'drizzle-orm';
import { signOff } from '@/db/schema';
import type { Tx } from '@/db/tx';

/** A trigger refuses a signer who requested any attempt of this cutover (SQLSTATE 23001). */
export async function insertSignOff(tx: Tx, row: Omit<typeof signOff.$inferInsert, 'at'>): Promise<void> {
  await tx.insert(signOff).values({ ...row, at: sql`clock_timestamp()` });
}
