import { sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';

/** Attempts that say they run, on a worker that is gone. */
export async function findLostAttempts(db: Reader): Promise<{ id: string; cutoverId: string; epoch: number }[]> {
  const rows = await db.execute<{ id: string; cutoverId: string; epoch: number }>(sql`
    select a.id, a.cutover_id as "cutoverId", a.epoch from attempt a
    where a.state in ('running', 'checking', 'cancelling') and not exists (select 1 from worker w where w.id = a.worker)`);
  return rows.rows;
}
