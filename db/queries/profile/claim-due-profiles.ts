import { sql } from 'drizzle-orm';
import type { Db } from '@/db/client';

/** Claims profiles whose next reading is due, at most `limit`; two workers never get the same one. */
export async function claimDueProfiles(db: Db, limit: number): Promise<{ system: string; sourceId: string }[]> {
  const rows = await db.execute<{ system: string; sourceId: string }>(sql`
    update profile_poll set next_at = greatest(next_at + make_interval(secs => every_seconds), clock_timestamp())
    where (system, source_id) in (
      select system, source_id from profile_poll where next_at <= clock_timestamp()
      order by next_at limit ${limit} for update skip locked)
    returning system, source_id as "sourceId"`);
  return rows.rows;
}
