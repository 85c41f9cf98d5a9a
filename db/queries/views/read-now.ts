import { sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';

/**
 * The control plane's time, which every kept time is of; the web's own clock may stand apart from it. A view reads it first:
 * what it says holds everything up to then.
 */
export async function readNow(db: Reader): Promise<Date> {
  const { rows } = await db.execute<{ now: Date | string }>(sql`select clock_timestamp() as now`);
  return new Date(rows[0]?.now ?? Number.NaN);
}
