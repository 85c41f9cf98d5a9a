import { and, desc, eq } from 'drizzle-orm';
import { cutover, reviewLook, signOff, user } from '@/db/schema';
import type { Reader } from '@/db/tx';

/** What this reviewer saw when last here; null before the first look. */
export async function readLook(db: Reader, cutoverId: string, stepId: string, by: string) {
  const found = await db
    .select({ parts: reviewLook.parts, at: reviewLook.at })
    .from(reviewLook)
    .where(and(eq(reviewLook.cutoverId, cutoverId), eq(reviewLook.stepId, stepId), eq(reviewLook.by, by)));
  return found[0] ?? null;
}

/** Recorded decisions with their cutover, newest first. */
export const listDecisions = (db: Reader, limit: number) =>
  db
    .select({
      cutoverId: signOff.cutoverId,
      stepId: signOff.stepId,
      decision: signOff.decision,
      at: signOff.at,
      by: user.name,
      byId: signOff.by,
      system: cutover.system,
      sourceId: cutover.sourceId,
      t0: cutover.t0,
      switchedAt: cutover.switchedAt,
      state: cutover.state,
      runbook: cutover.runbook,
    })
    .from(signOff)
    .innerJoin(cutover, eq(cutover.id, signOff.cutoverId))
    .innerJoin(user, eq(user.id, signOff.by))
    .orderBy(desc(signOff.at))
    .limit(limit);
