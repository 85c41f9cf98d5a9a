import { eq, sql } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { worker } from '@/db/schema';

export async function registerWorker(db: Db, row: typeof worker.$inferInsert): Promise<void> {
  await db.insert(worker).values(row);
}

/** The name under which the queue locks this worker's jobs; the sweep unlocks by it. */
export async function setEngineRef(db: Db, id: string, engineRef: string): Promise<void> {
  await db.update(worker).set({ engineRef }).where(eq(worker.id, id));
}

/** A worker that ends in order is gone at once; its unfinished attempts date their interruption from now. */
export async function removeWorker(db: Db, id: string): Promise<void> {
  await db.execute(sql`with gone as (delete from worker where id = ${id} returning id, name, host, pid)
    insert into gone_worker (id, name, host, pid, last_beat) select id, name, host, pid, clock_timestamp() from gone
    on conflict (id) do nothing`);
}
