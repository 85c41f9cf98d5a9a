import { and, asc, eq, inArray } from 'drizzle-orm';
import { cutover } from '@/db/schema';
import type { Reader } from '@/db/tx';
import type { CutoverState } from '@/lib/shared/statuses';

/** The newest live cutover of each profile that ever had one. */
export async function findLatestCutovers(
  db: Reader,
  system: string,
  sourceIds: string[],
): Promise<Map<string, { id: string; state: CutoverState }>> {
  const rows = await db
    .select({ id: cutover.id, sourceId: cutover.sourceId, state: cutover.state })
    .from(cutover)
    .where(and(eq(cutover.system, system), inArray(cutover.sourceId, sourceIds), eq(cutover.kind, 'live')))
    .orderBy(asc(cutover.createdAt));
  return new Map(rows.map(({ sourceId, id, state }) => [sourceId, { id, state }]));
}
