import { sql } from 'drizzle-orm';
import type { Db } from '@/db/client';

/** The oldest attempt's job that any free worker could have taken for `ms` milliseconds, by its id; null without one. */
export async function findUntakenJob(db: Db, ms: number): Promise<string | null> {
  const { rows } = await db.execute<{ id: string }>(sql`select id::text from graphile_worker.jobs job
    where task_identifier = 'attempt' and locked_at is null and attempts < max_attempts
      and greatest(run_at, created_at) < clock_timestamp() - make_interval(secs => ${ms / 1000}::float8)
      and not exists (select 1 from graphile_worker.jobs other
        where other.queue_name = job.queue_name and other.locked_at is not null)
    order by job.id limit 1`);
  return rows[0]?.id ?? null;
}
