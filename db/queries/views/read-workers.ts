import { sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';
import type { MachineReading } from '@/lib/shared/machine-reading';

export type WorkerRow = {
  id: string;
  name: string;
  host: string;
  pid: number;
  startedAt: string;
  beat: Date;
  beatAgeMs: number;
  attempts: number;
  machine: MachineReading;
};

/** Living workers with the age of their beat by the database's clock and what they hold. */
export async function readWorkers(db: Reader): Promise<WorkerRow[]> {
  const found = await db.execute<{
    id: string;
    name: string;
    host: string;
    pid: number;
    started_at: string;
    beat_ms: number;
    beat_age_ms: number;
    attempts: number;
    machine: MachineReading;
  }>(sql`
    select w.id, w.name, w.host, w.pid, w.machine, to_char(w.started_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as started_at,
      (extract(epoch from w.beat) * 1000)::float8 as beat_ms,
      (extract(epoch from clock_timestamp() - w.beat) * 1000)::float8 as beat_age_ms,
      (select count(*) from attempt a where a.worker = w.id and a.state in ('running', 'checking', 'cancelling'))::int as attempts
    from worker w order by w.name, w.id`);
  return found.rows.map(({ started_at, beat_ms, beat_age_ms, ...row }) => ({
    ...row,
    startedAt: started_at,
    beat: new Date(beat_ms),
    beatAgeMs: beat_age_ms,
  }));
}
