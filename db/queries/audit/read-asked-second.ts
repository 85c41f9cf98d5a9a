import { sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';

/** When somebody last asked for a second person behind a rollback of a cutover, and who. */
export async function readAskedSecond(
  db: Reader,
  cutoverId: string,
  act: 'rollback' | 'data-rollback',
): Promise<{ at: Date; by: string } | null> {
  const { rows } = await db.execute<{ at: string; by: string }>(sql`
    select at::text as at, actor as by from audit_entry
     where cutover_id = ${cutoverId} and act = 'ask-second-person' and body::jsonb #>> '{what,act}' = ${act}
     order by n desc limit 1`);
  return rows[0] ? { at: new Date(rows[0].at), by: rows[0].by } : null;
}
