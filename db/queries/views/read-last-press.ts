import { sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';

export type LastPress = { pressId: string; endedAt: Date | null };

/** The newest press on a profile that did something: a switch, a rollback, an abandon. `endedAt`: null while it runs. */
export async function readLastPress(db: Reader, system: string, sourceId: string): Promise<LastPress | null> {
  const { rows } = await db.execute<{ pressId: string; endedAt: Date | string | null }>(sql`
    select a.press_id as "pressId", a.ended_at as "endedAt"
    from attempt a join cutover c on c.id = a.cutover_id
    where c.system = ${system} and c.source_id = ${sourceId} and a.press_id is not null and a.verb <> 'plan'
      and (a.ended_at is not null or a.started_at is not null)
    order by a.ended_at desc nulls first limit 1`);
  const [last] = rows;
  return last ? { pressId: last.pressId, endedAt: last.endedAt === null ? null : new Date(last.endedAt) } : null;
}
