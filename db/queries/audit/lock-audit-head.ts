import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/tx';

/** The newest entry, with every other writer of the chain kept out until this transaction ends. Time is the database's. */
export async function lockAuditHead(tx: Tx): Promise<{ n: number; hash: string | null; now: string }> {
  await tx.execute(sql`select pg_advisory_xact_lock(7205114302)`);
  const found = await tx.execute<{ n: number | null; hash: string | null; now: Date }>(sql`
    select h.n, h.hash, clock_timestamp() as now
    from (select 1) one left join (select n, hash from audit_entry order by n desc limit 1) h on true`);
  const row = found.rows[0];
  return { n: row?.n ?? 0, hash: row?.hash ?? null, now: new Date(row?.now ?? Date.now()).toISOString() };
}
