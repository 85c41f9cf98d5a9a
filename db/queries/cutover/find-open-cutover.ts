import { and, eq, inArray } from 'drizzle-orm';
import { cutover } from '@/db/schema';
import type { Reader } from '@/db/tx';
import { openCutoverStates } from '@/lib/shared/statuses';

/** The one cutover that holds this profile, if any. */
export async function findOpenCutover(
  db: Reader,
  system: string,
  sourceId: string,
): Promise<typeof cutover.$inferSelect | null> {
  const [row] = await db
    .select()
    .from(cutover)
    .where(
      and(eq(cutover.system, system), eq(cutover.sourceId, sourceId), inArray(cutover.state, [...openCutoverStates])),
    );
  return row ?? null;
}
