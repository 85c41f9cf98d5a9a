import { asc, eq } from 'drizzle-orm';
import { cutover } from '@/db/schema';
import type { Reader } from '@/db/tx';

/** Cutovers that one press switched, by source id: the order in which each step is walked. */
export const findGroup = async (db: Reader, group: string): Promise<string[]> =>
  (
    await db
      .select({ id: cutover.id })
      .from(cutover)
      .where(eq(cutover.switchGroup, group))
      .orderBy(asc(cutover.sourceId))
  ).map(({ id }) => id);
