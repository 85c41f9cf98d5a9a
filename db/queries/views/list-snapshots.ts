import { and, desc, eq, getTableColumns } from 'drizzle-orm';
import { attempt, cutover, snapshot } from '@/db/schema';
import type { Reader } from '@/db/tx';

/** Kept copies of a profile, newest first. */
export const listSnapshots = (db: Reader, system: string, sourceId: string) =>
  db
    .select({
      ...getTableColumns(snapshot),
      state: cutover.state,
      endedAt: cutover.endedAt,
      runbook: cutover.runbook,
      createdAt: cutover.createdAt,
      stepId: attempt.stepId,
    })
    .from(snapshot)
    .innerJoin(cutover, eq(cutover.id, snapshot.cutoverId))
    .innerJoin(attempt, eq(attempt.id, snapshot.attemptId))
    .where(and(eq(snapshot.system, system), eq(snapshot.sourceId, sourceId)))
    .orderBy(desc(snapshot.takenAt))
    .limit(100);
