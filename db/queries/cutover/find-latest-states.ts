import { and, asc, eq, inArray } from 'drizzle-orm';
import { cutover } from '@/db/schema';
import type { Reader } from '@/db/tx';
import type { CutoverState } from '@/lib/shared/statuses';

/** State of the newest live cutover of each profile that ever had one. */
export async function findLatestStates(
  db: Reader,
  system: string,
  sourceIds: string[],
): Promise<Map<string, CutoverState>> {
  const rows = await db
    .select({ sourceId: cutover.sourceId, state: cutover.state })
    .from(cutover)
    .where(and(eq(cutover.system, system), inArray(cutover.sourceId, sourceIds), eq(cutover.kind, 'live')))
    .orderBy(asc(cutover.createdAt));
  return new Map(rows.map(({ sourceId, state }) => [sourceId, state]));
}
