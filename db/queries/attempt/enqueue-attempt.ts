import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/tx';

type Job = { id: string; epoch: number; serviceKey: string | null };

/** A job carries nothing but id and epoch; the attempt's row is the truth.
 *  @param options first: goes before what waits for the same service; inMs: not before that many milliseconds */
export async function enqueueAttempt(
  tx: Tx,
  job: Job,
  options: { first?: boolean; inMs?: number } = {},
): Promise<void> {
  await tx.execute(sql`select graphile_worker.add_job('attempt',
    json_build_object('id', ${job.id}::text, 'epoch', ${job.epoch}::int), queue_name => ${job.serviceKey},
    job_key => ${`${job.id}:${job.epoch}`}, max_attempts => 5,
    priority => ${options.first ? -1 : 0}::int,
    run_at => clock_timestamp() + make_interval(secs => ${(options.inMs ?? 0) / 1000}::float8))`);
}
