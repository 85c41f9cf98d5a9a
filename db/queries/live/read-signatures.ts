import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';
import { workerDeadMs } from '@/lib/shared/worker-times';

/** `now`: the control plane's time, from which the version of a changed one is made. */
export type Signature = { signature: string; now: Date };

async function read(db: Reader, signature: SQL): Promise<Signature> {
  const { rows } = await db.execute<{ signature: string; now: Date | string }>(
    sql`select ${signature} as signature, clock_timestamp() as now`,
  );
  return { signature: rows[0]?.signature ?? '', now: new Date(rows[0]?.now ?? Number.NaN) };
}

/** A text that differs whenever the fleet page would: modes, health, cutovers; ages and progress in steps of some seconds. */
export const readFleetSignature = (db: Reader): Promise<Signature> =>
  read(
    db,
    sql`concat_ws('|',
      (select md5(string_agg(concat_ws(' ', system, source_id, declared, observed, healthy, cause, drift_since), ',' order by system, source_id)) from profile_state),
      (select floor(extract(epoch from max(read_at)) / 10) from profile_state),
      (select concat_ws(' ', count(*), sum(event_seq)) from cutover),
      (select concat_ws(' ', count(*), floor(sum(coalesce((progress->>'done')::numeric, 0)) / greatest(1, sum(coalesce((progress->>'total')::numeric, 0)) / 50)))
         from attempt where state in ('queued', 'running', 'checking', 'cancelling')))`,
  );

/** The same for what waits for people: any event of any cutover, and whether a worker answers. */
export const readInboxSignature = (db: Reader): Promise<Signature> =>
  read(
    db,
    sql`concat_ws('|',
      (select concat_ws(' ', count(*), sum(event_seq)) from cutover),
      (select count(*) from worker where beat > now() - make_interval(secs => ${workerDeadMs / 1000}::float8)))`,
  );
