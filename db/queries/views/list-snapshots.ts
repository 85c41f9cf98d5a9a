import { and, desc, eq } from 'drizzle-orm';
import { snapshot } from '@/db/schema';
import type { Reader } from '@/db/tx';

/** Kept copies of a profile, newest first. */
export const listSnapshots = (db: Reader, system: string, sourceId: string) =>
  db
    .select()
    .from(snapshot)
    .where(and(eq(snapshot.system, system), eq(snapshot.sourceId, sourceId)))
    .orderBy(desc(snapshot.takenAt))
    .limit(100);
