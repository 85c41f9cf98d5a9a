import { and, desc, eq, isNotNull, ne } from 'drizzle-orm';
import { cutover } from '@/db/schema';
import type { Reader } from '@/db/tx';

/** How long this profile's users were held in its newest other cutover or rehearsal, ms; null when never. */
export async function readLastFreeze(
  db: Reader,
  system: string,
  sourceId: string,
  exceptId: string,
): Promise<number | null> {
  const found = await db
    .select({ frozenMs: cutover.frozenMs })
    .from(cutover)
    .where(
      and(
        eq(cutover.system, system),
        eq(cutover.sourceId, sourceId),
        ne(cutover.id, exceptId),
        isNotNull(cutover.frozenMs),
      ),
    )
    .orderBy(desc(cutover.createdAt))
    .limit(1);
  return found[0]?.frozenMs ?? null;
}
