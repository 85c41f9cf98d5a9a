import { sql } from 'drizzle-orm';
import { secondPerson } from '@/db/schema';
import type { Tx } from '@/db/tx';

/** Who confirms the same plan again has read its loss again: that reading counts from now on. */
export async function insertSecondPerson(
  tx: Tx,
  row: Omit<typeof secondPerson.$inferInsert, 'at'> & { lossReadAt: Date | null },
): Promise<void> {
  const { cutoverId, act, planDigest, by } = secondPerson;
  await tx
    .insert(secondPerson)
    .values(row)
    .onConflictDoUpdate({
      target: [cutoverId, act, planDigest, by],
      set: { loss: row.loss ?? null, lossReadAt: row.lossReadAt, at: sql`clock_timestamp()` },
    });
}
