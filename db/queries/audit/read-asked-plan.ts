import { sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';

/** When a person last asked for a plan of this step, and who: the attempt itself names nobody, since a plan is no work of theirs. */
export async function readAskedPlan(
  db: Reader,
  cutoverId: string,
  stepId: string,
): Promise<{ at: Date; by: string } | null> {
  const { rows } = await db.execute<{ at: string; by: string }>(sql`
    select at::text as at, actor as by from audit_entry
     where cutover_id = ${cutoverId} and act = 'make-plan' and body::jsonb -> 'what' ->> 'stepId' = ${stepId}
     order by n desc limit 1`);
  return rows[0] ? { at: new Date(rows[0].at), by: rows[0].by } : null;
}
