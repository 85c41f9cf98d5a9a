import { sql } from 'drizzle-orm';
import type { Tx } from '@/db/tx';

export type TakenOver = {
  id: string;
  epoch: number;
  state: string;
  stepId: string;
  serviceKey: string | null;
  worker: string | null;
};

/** Raises the epoch of a lost attempt and queues it again; one that was being cancelled is cancelled. Null when another sweep was first. */
export async function takeOverAttempt(tx: Tx, id: string, epoch: number): Promise<TakenOver | null> {
  const rows = await tx.execute<TakenOver>(sql`
    update attempt a set epoch = nextval('attempt_epoch'), worker = null,
      state = case when state = 'cancelling' then 'cancelled' else 'queued' end,
      ended_at = case when state = 'cancelling' then clock_timestamp() end,
      takeovers = takeovers || jsonb_build_object('worker', worker, 'epoch', epoch,
        'lostAt', to_char(coalesce((select g.last_beat from gone_worker g where g.id = a.worker), clock_timestamp()) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'takenAt', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    where id = ${id} and epoch = ${epoch} and state in ('running', 'checking', 'cancelling')
      and not exists (select 1 from worker w where w.id = a.worker)
    returning id, epoch, state, step_id as "stepId", service_key as "serviceKey", takeovers->-1->>'worker' as worker`);
  return rows.rows[0] ?? null;
}
