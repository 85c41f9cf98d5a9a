import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/tx';

/** Takes silent workers out, with the time they were last heard, and gives back the queue's locks of workers that are gone. */
export async function removeDeadWorkers(tx: Tx, deadMs: number): Promise<string[]> {
  const dead = sql`make_interval(secs => ${deadMs / 1000}::float8)`;
  const removed = await tx.execute<{ name: string }>(sql`with gone as (delete from worker where id in (
      select id from worker where beat < clock_timestamp() - ${dead} for update skip locked) returning id, name, host, pid, beat)
    insert into gone_worker (id, name, host, pid, last_beat) select id, name, host, pid, beat from gone
    on conflict (id) do nothing returning name`);
  // A queue may be locked without a job: the one it was locked for is gone already.
  await tx.execute(sql`select graphile_worker.force_unlock_workers(ids) from (
    select array_agg(distinct held.locked_by) as ids from (
      select locked_by, locked_at from graphile_worker.jobs
      union all select locked_by, locked_at from graphile_worker._private_job_queues) held
    where held.locked_at < clock_timestamp() - ${dead}
      and not exists (select 1 from worker w where w.engine_ref = held.locked_by)) gone
    where ids is not null`);
  return removed.rows.map(({ name }) => name);
}
