import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import { snapshot } from '@/db/schema';
import type { Reader } from '@/db/tx';

/** Other kept snapshots that lie at the same place. */
export async function countOtherUses(db: Reader, id: string, path: string): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(snapshot)
    .where(and(eq(snapshot.path, path), ne(snapshot.id, id), isNull(snapshot.deletedAt)));
  return row?.count ?? 0;
}
