import { sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';

/** Newest entry, and the newest one a checkpoint seals. */
export async function readAuditHead(
  db: Reader,
): Promise<{ n: number; hash: string; checkpointed: number | null } | null> {
  const rows = await db.execute<{ n: number; hash: string; checkpointed: number | null }>(sql`
    select n, hash, (select max(n) from audit_checkpoint) as checkpointed from audit_entry order by n desc limit 1`);
  return rows.rows[0] ?? null;
}
