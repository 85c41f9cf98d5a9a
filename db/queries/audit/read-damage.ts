import { sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';

/** What the worker recorded of one press that damages a row, as it was hashed; null before it did. */
export async function readDamage(db: Reader, pressId: string): Promise<string | null> {
  const { rows } = await db.execute<{ body: string }>(sql`
    select body from audit_entry
     where act = 'demo-damage-row' and actor = 'system' and position(${pressId}::text in body) > 0
     order by n desc limit 1`);
  return rows[0]?.body ?? null;
}
