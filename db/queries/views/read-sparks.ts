import { sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';

/** Latency over the last 24 h in 48 equal parts of what was read, newest last; null where nothing answered. Key: system, NUL, source_id. */
export async function readSparks(db: Reader): Promise<Map<string, (number | null)[]>> {
  const found = await db.execute<{ system: string; source_id: string; spark: (number | null)[] }>(sql`
    select system, source_id, json_agg(latency order by part) as spark from (
      select system, source_id, part, avg(latency_ms) filter (where healthy) as latency from (
        select system, source_id, healthy, latency_ms,
          width_bucket(extract(epoch from at), min(extract(epoch from at)) over w, max(extract(epoch from at)) over w + 1, 48) as part
        from profile_reading where at > now() - interval '24 hours'
        window w as (partition by system, source_id)) placed
      group by system, source_id, part) parts
    group by system, source_id`);
  return new Map(found.rows.map(({ system, source_id, spark }) => [`${system}\0${source_id}`, spark]));
}
