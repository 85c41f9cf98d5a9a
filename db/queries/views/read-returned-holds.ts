import { sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';

/** How long the newest press of a switch held users that was taken back to its end, milliseconds by cutover id. */
export async function readReturnedHolds(db: Reader, cutoverIds: string[]): Promise<ReadonlyMap<string, number>> {
  if (cutoverIds.length === 0) return new Map();
  const { rows } = await db.execute<{ id: string; ms: number }>(sql`select distinct on (cutover_id) cutover_id as id,
    (extract(epoch from max(ended_at) filter (where verb = 'undo')
      - min(coalesce(plan_matched_at, started_at)) filter (where verb = 'run' and (plan_matched_at is not null or plan_digest is null or state = 'done'))) * 1000)::int as ms
    from attempt where press_id like 'switch:%' and verb <> 'plan'
      and cutover_id in (${sql.join(
        cutoverIds.map((id) => sql`${id}`),
        sql`, `,
      )})
    group by cutover_id, press_id
    having bool_and(state = 'done') filter (where verb = 'undo')
      and min(coalesce(plan_matched_at, started_at)) filter (where verb = 'run' and (plan_matched_at is not null or plan_digest is null or state = 'done')) is not null
    order by cutover_id, max(queued_at) desc`);
  return new Map(rows.map(({ id, ms }) => [id, ms]));
}
