import { and, asc, desc, eq, inArray } from 'drizzle-orm';
import { attemptLog, checkpoint, finding, plan } from '@/db/schema';
import type { Reader } from '@/db/tx';

/** Checkpoints of steps with their evidence, oldest first. */
export const readCheckpoints = (db: Reader, cutoverId: string, stepIds: string[]) =>
  db
    .select()
    .from(checkpoint)
    .where(and(eq(checkpoint.cutoverId, cutoverId), inArray(checkpoint.stepId, stepIds.length ? stepIds : ['-'])))
    .orderBy(asc(checkpoint.at), asc(checkpoint.id));

export const readPlanLines = async (db: Reader, cutoverId: string, attemptId: string) =>
  (
    await db
      .select()
      .from(plan)
      .where(and(eq(plan.cutoverId, cutoverId), eq(plan.attemptId, attemptId)))
  )[0] ?? null;

/** Findings of one step, or of the whole cutover. */
export const readFindings = (db: Reader, cutoverId: string, stepId?: string) =>
  db
    .select()
    .from(finding)
    .where(and(eq(finding.cutoverId, cutoverId), stepId === undefined ? undefined : eq(finding.stepId, stepId)))
    .orderBy(desc(finding.blocking), asc(finding.key));

/** The newest lines of an attempt that say what is wrong, then its newest at all, in order. What went well before a failure explains
 *  nothing. */
export async function readTail(db: Reader, attemptId: string, lines: number) {
  const found = await db
    .select()
    .from(attemptLog)
    .where(eq(attemptLog.attemptId, attemptId))
    .orderBy(desc(inArray(attemptLog.level, ['warn', 'error'])), desc(attemptLog.seq))
    .limit(lines);
  const bad = found.filter(({ level }) => level === 'warn' || level === 'error');
  return (bad.length ? bad : found).reverse();
}
