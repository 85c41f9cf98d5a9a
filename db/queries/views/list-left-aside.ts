import { sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';

export type LeftAside = { id: string; system: string; sourceId: string };

/** Newest rolled-back cutover of each profile with none closed after it: what users wrote to its target may lie aside. */
export async function listLeftAside(db: Reader, of?: { system: string; sourceId: string }): Promise<LeftAside[]> {
  const own = of ? sql`and c.system = ${of.system} and c.source_id = ${of.sourceId}` : sql``;
  const { rows } = await db.execute<LeftAside>(sql`
    select distinct on (c.system, c.source_id) c.id, c.system, c.source_id as "sourceId"
    from cutover c
    where c.rolled_back_at is not null and c.state in ('rolled_back', 'abandoned') ${own}
      and not exists (
        select from cutover later where later.system = c.system and later.source_id = c.source_id
          and later.state = 'closed' and later.ended_at > c.rolled_back_at)
    order by c.system, c.source_id, c.rolled_back_at desc`);
  return rows;
}
