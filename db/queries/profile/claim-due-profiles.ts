import { sql } from 'drizzle-orm';
import type { Db } from '@/db/client';

export type DueProfile = {
  system: string;
  sourceId: string;
  /** An open cutover wants to know more than the fleet page does. */
  inCutover: boolean;
  /** Its rows were counted before a press that has ended since. */
  countAgain: boolean;
};

/** Claims profiles whose next reading is due, at most `limit`; two workers never get the same one. */
export async function claimDueProfiles(db: Db, limit: number): Promise<DueProfile[]> {
  const rows = await db.execute<DueProfile>(sql`
    update profile_poll p set next_at = greatest(next_at + make_interval(secs => every_seconds), clock_timestamp())
    where (system, source_id) in (
      select system, source_id from profile_poll where next_at <= clock_timestamp()
      order by next_at limit ${limit} for update skip locked)
    returning system, source_id as "sourceId", exists (
      select from cutover c where c.system = p.system and c.source_id = p.source_id
        and c.state in ('planned', 'open', 'switched', 'rolled_back')) as "inCutover",
      exists (
      select from profile_state s join cutover c using (system, source_id) join attempt a on a.cutover_id = c.id
      where s.system = p.system and s.source_id = p.source_id
        and a.press_id is not null and a.verb <> 'plan' and a.ended_at > s.counted_at) as "countAgain"`);
  return rows.rows;
}
