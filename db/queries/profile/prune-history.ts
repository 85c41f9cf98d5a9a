import { sql } from 'drizzle-orm';
import type { Db } from '@/db/client';

/** Forgets readings older than 7 days and press keys older than 30. */
export async function pruneHistory(db: Db): Promise<void> {
  await db.execute(sql`delete from profile_reading where at < clock_timestamp() - interval '7 days'`);
  await db.execute(sql`delete from command where at < clock_timestamp() - interval '30 days'`);
}
