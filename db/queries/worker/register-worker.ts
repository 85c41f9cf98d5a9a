import { eq } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { worker } from '@/db/schema';

export async function registerWorker(db: Db, row: typeof worker.$inferInsert): Promise<void> {
  await db.insert(worker).values(row);
}

/** The name under which the queue locks this worker's jobs; the sweep unlocks by it. */
export async function setEngineRef(db: Db, id: string, engineRef: string): Promise<void> {
  await db.update(worker).set({ engineRef }).where(eq(worker.id, id));
}

export async function removeWorker(db: Db, id: string): Promise<void> {
  await db.delete(worker).where(eq(worker.id, id));
}
