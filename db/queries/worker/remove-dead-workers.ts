import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/tx';

/** Takes silent workers out, with the time they were last heard, and gives back the queue's locks of workers that are gone. */
export async function removeDeadWorkers(tx: Tx, deadMs: number): Promise<string[]> {
  const dead = sql`make_interval(secs => ${deadMs / 1000}::float8)`;
  const removed = await tx.execute<{ name: string }>(sql`with gone as (delete from worker where id in (
      select id from worker where beat < clock_timestamp() - ${dead} for update skip locked) returning id, name, host, pid, beat)
    insert into gone_worker (id, name, host, pid, last_beat) select id, name, host, pid, beat from gone
    on conflict (id) do nothing returning name`);
  await tx.execute(sql`select graphile_worker.force_unlock_workers(ids) from (
    select array_agg(distinct j.locked_by) as ids from graphile_worker.jobs j
    where j.locked_at < clock_timestamp() - ${dead} and not exists (select 1 from worker w where w.engine_ref = j.locked_by)) gone
    where ids is not null`);
  return removed.rows.map(({ name }) => name);
}
