import { sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';

/** A text that differs whenever the fleet page would: modes, health, cutovers; ages and progress in steps of some seconds. */
export async function readFleetSignature(db: Reader): Promise<string> {
  const found = await db.execute<{ signature: string }>(sql`
    select concat_ws('|',
      (select md5(string_agg(concat_ws(' ', system, source_id, declared, observed, healthy, cause, drift_since), ',' order by system, source_id)) from profile_state),
      (select floor(extract(epoch from max(read_at)) / 10) from profile_state),
      (select concat_ws(' ', count(*), sum(event_seq)) from cutover),
      (select concat_ws(' ', count(*), floor(sum(coalesce((progress->>'done')::numeric, 0)) / greatest(1, sum(coalesce((progress->>'total')::numeric, 0)) / 50)))
         from attempt where state in ('queued', 'running', 'checking', 'cancelling'))) as signature`);
  return found.rows[0]?.signature ?? '';
}

/** The same for what waits for people: any event of any cutover, and whether a worker answers. */
export async function readInboxSignature(db: Reader): Promise<string> {
  const found = await db.execute<{ signature: string }>(sql`
    select concat_ws('|',
      (select concat_ws(' ', count(*), sum(event_seq)) from cutover),
      (select count(*) from worker where beat > now() - interval '10 seconds')) as signature`);
  return found.rows[0]?.signature ?? '';
}
