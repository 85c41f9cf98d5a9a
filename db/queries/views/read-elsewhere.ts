import { sql } from 'drizzle-orm';
import type { Reader } from '@/db/tx';

export type Elsewhere = { others: string[]; live: { sourceId: string; stepId: string } | null };

/** What goes on in the other cutovers that are switched together with this one; null for one alone. */
export async function readElsewhere(db: Reader, cutoverId: string, group: string | null): Promise<Elsewhere | null> {
  if (!group) return null;
  const { rows } = await db.execute<{ sourceId: string; stepId: string | null }>(sql`
    select c.source_id as "sourceId", (select a.step_id from attempt a where a.cutover_id = c.id and a.verb <> 'plan'
      and a.state in ('running', 'checking', 'cancelling') limit 1) as "stepId"
    from cutover c where c.switch_group = ${group} and c.id <> ${cutoverId} order by c.source_id`);
  const at = rows.find(({ stepId }) => stepId !== null);
  return {
    others: rows.map(({ sourceId }) => sourceId),
    live: at?.stepId ? { sourceId: at.sourceId, stepId: at.stepId } : null,
  };
}
