import { sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';

/** Latency over the last 24 h in 48 equal parts of what was read, newest last; null where nothing answered. Key: system, NUL,
 *  source_id. Each profile is read by its own range of the key: a week of readings every 5 s is millions of rows. */
export async function readSparks(db: Reader): Promise<Map<string, (number | null)[]>> {
  const found = await db.execute<{ system: string; source_id: string; spark: (number | null)[] }>(sql`
    select p.system, p.source_id, s.spark from profile_state p cross join lateral (
      select json_agg(latency order by part) as spark from (
        select width_bucket(extract(epoch from r.at), b.low, b.high + 1, 48) as part, avg(r.latency_ms) filter (where r.healthy) as latency
        from (select extract(epoch from min(at)) as low, extract(epoch from max(at)) as high from profile_reading
            where system = p.system and source_id = p.source_id and at > now() - interval '24 hours') b, profile_reading r
        where r.system = p.system and r.source_id = p.source_id and r.at > now() - interval '24 hours'
        group by 1) parts) s
    where s.spark is not null`);
  return new Map(found.rows.map(({ system, source_id, spark }) => [`${system}\0${source_id}`, spark]));
}
