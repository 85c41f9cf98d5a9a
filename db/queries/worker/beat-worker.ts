import { eq, sql } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { worker } from '@/db/schema';

/** False when the row is gone: others have taken this worker's attempts, so it must leave. */
export async function beatWorker(db: Db, id: string): Promise<boolean> {
  const rows = await db
    .update(worker)
    .set({ beat: sql`clock_timestamp()` })
    .where(eq(worker.id, id))
    .returning({ id: worker.id });
  return rows.length > 0;
}
