import type { Db } from '@/db/client';
import { auditCheckpoint } from '@/db/schema';

/** False when this entry has a checkpoint already. */
export async function insertAuditCheckpoint(
  db: Db,
  row: { n: number; hash: string; keyId: string; signature: string; at: string },
): Promise<boolean> {
  const rows = await db
    .insert(auditCheckpoint)
    .values({ ...row, at: new Date(row.at) })
    .onConflictDoNothing()
    .returning({ n: auditCheckpoint.n });
  return rows.length > 0;
}
