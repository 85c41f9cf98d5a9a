import { and, desc, eq, isNotNull, isNull, ne } from 'drizzle-orm';
import { attempt, cutover, snapshot } from '@/db/schema';
import type { Reader } from '@/db/tx';
import type { Json } from '@/lib/shared/json';

/** Verified snapshots of a profile's target that other cutovers have made and whose files are kept, newest first. */
export async function findKeptSnapshots(
  db: Reader,
  { id, system, sourceId }: { id: string; system: string; sourceId: string },
): Promise<Json> {
  const rows = await db
    .select({
      id: snapshot.id,
      path: snapshot.path,
      digest: snapshot.digest,
      bytes: snapshot.bytes,
      manifest: snapshot.manifest,
      stepId: attempt.stepId,
      runbook: cutover.runbookName,
    })
    .from(snapshot)
    .innerJoin(cutover, eq(cutover.id, snapshot.cutoverId))
    .innerJoin(attempt, eq(attempt.id, snapshot.attemptId))
    .where(
      and(
        eq(snapshot.kind, 'target'),
        eq(snapshot.system, system),
        eq(snapshot.sourceId, sourceId),
        ne(snapshot.cutoverId, id),
        isNull(snapshot.deletedAt),
        isNotNull(snapshot.verifiedAt),
      ),
    )
    .orderBy(desc(snapshot.takenAt))
    .limit(mostKept);
  return rows.map((row) => ({ ...row, bytes: row.bytes.toString() }));
}

/** A choice among more than these is none. */
const mostKept = 50;
