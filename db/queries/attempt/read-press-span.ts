import { sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';

/** From the first start of one step to the first end of another, over all cutovers of a press, milliseconds; null while open. */
export async function readPressSpan(
  db: Reader,
  pressId: string,
  fromStep: string,
  toStep: string,
): Promise<number | null> {
  const { rows } = await db.execute<{ ms: number | null }>(sql`select
    (extract(epoch from min(ended_at) filter (where step_id = ${toStep} and state = 'done')
      - min(started_at) filter (where step_id = ${fromStep})) * 1000)::int as ms
    from attempt where press_id = ${pressId} and verb = 'run'`);
  return rows[0]?.ms ?? null;
}

/** When a step of this press was first started, in whichever of its cutovers. */
export async function readPressStart(db: Reader, pressId: string, stepId: string): Promise<Date | null> {
  const { rows } = await db.execute<{ at: string | null }>(sql`select min(started_at)::text as at from attempt
    where press_id = ${pressId} and step_id = ${stepId} and verb = 'run'`);
  return rows[0]?.at ? new Date(rows[0].at) : null;
}
