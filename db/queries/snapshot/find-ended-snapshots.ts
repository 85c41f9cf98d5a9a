import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { attempt, cutover, snapshot } from '@/db/schema';
import type { Reader } from '@/db/tx';

/** Snapshots of closed and abandoned cutovers whose files are still kept, with what their retention rests on. */
export const findEndedSnapshots = (db: Reader) =>
  db
    .select({
      id: snapshot.id,
      kind: snapshot.kind,
      path: snapshot.path,
      digest: snapshot.digest,
      bytes: snapshot.bytes,
      /** host:pid:random of the worker that wrote it. */
      worker: attempt.worker,
      cutoverId: cutover.id,
      system: cutover.system,
      sourceId: cutover.sourceId,
      state: cutover.state,
      endedAt: cutover.endedAt,
      runbook: cutover.runbook,
    })
    .from(snapshot)
    .innerJoin(cutover, eq(cutover.id, snapshot.cutoverId))
    .innerJoin(attempt, eq(attempt.id, snapshot.attemptId))
    .where(and(isNull(snapshot.deletedAt), inArray(cutover.state, ['closed', 'abandoned'])))
    .orderBy(asc(snapshot.takenAt));
