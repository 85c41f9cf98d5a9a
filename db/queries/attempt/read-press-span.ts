import { sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';

/** From when one step first began to work, its plan compared, to the first end of another, over all cutovers of a press, milliseconds; null while open. */
export async function readPressSpan(
  db: Reader,
  pressId: string,
  fromStep: string,
  toStep: string,
): Promise<number | null> {
  const { rows } = await db.execute<{ ms: number | null }>(sql`select
    (extract(epoch from min(ended_at) filter (where step_id = ${toStep} and state = 'done')
      - min(coalesce(plan_matched_at, started_at)) filter (where step_id = ${fromStep})) * 1000)::int as ms
    from attempt where press_id = ${pressId} and verb = 'run'`);
  return rows[0]?.ms ?? null;
}

/** When a step of this press first began to work, its plan compared, in whichever of its cutovers. */
export async function readPressStart(db: Reader, pressId: string, stepId: string): Promise<Date | null> {
  const { rows } = await db.execute<{
    at: string | null;
  }>(sql`select min(coalesce(plan_matched_at, started_at))::text as at from attempt
    where press_id = ${pressId} and step_id = ${stepId} and verb = 'run'`);
  return rows[0]?.at ? new Date(rows[0].at) : null;
}
