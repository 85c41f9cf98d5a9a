import { and, asc, count, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import { attempt, attemptLog } from '@/db/schema';
import type { Reader } from '@/db/tx';

export type LogFilter = {
  attemptId: string;
  after?: number | undefined;
  before?: number | undefined;
  levels?: string[] | undefined;
};

export async function readAttemptHead(db: Reader, attemptId: string) {
  const found = await db
    .select({
      id: attempt.id,
      cutoverId: attempt.cutoverId,
      stepId: attempt.stepId,
      verb: attempt.verb,
      no: attempt.no,
      logLines: attempt.logLines,
    })
    .from(attempt)
    .where(eq(attempt.id, attemptId));
  return found[0] ?? null;
}

/** Lines between two numbers, in order; with `before` alone the last ones before it. */
export async function readLogPage(db: Reader, { attemptId, after, before, levels }: LogFilter, limit: number) {
  const backwards = before !== undefined && after === undefined;
  const found = await db
    .select()
    .from(attemptLog)
    .where(
      and(
        eq(attemptLog.attemptId, attemptId),
        after === undefined ? undefined : gt(attemptLog.seq, after),
        before === undefined ? undefined : lt(attemptLog.seq, before),
        levels?.length ? inArray(attemptLog.level, levels) : undefined,
      ),
    )
    .orderBy(backwards ? sql`${attemptLog.seq} desc` : asc(attemptLog.seq))
    .limit(limit);
  return backwards ? found.reverse() : found;
}

export async function countLevels(db: Reader, attemptId: string): Promise<Record<string, number>> {
  const found = await db
    .select({ level: attemptLog.level, lines: count() })
    .from(attemptLog)
    .where(eq(attemptLog.attemptId, attemptId))
    .groupBy(attemptLog.level);
  return Object.fromEntries(found.map(({ level, lines }) => [level, lines]));
}

/** Numbers of the lines that hold a text, whatever its case, over the whole attempt. */
export async function findLogLines(db: Reader, attemptId: string, text: string, limit: number): Promise<number[]> {
  const found = await db
    .select({ seq: attemptLog.seq })
    .from(attemptLog)
    .where(and(eq(attemptLog.attemptId, attemptId), sql`position(lower(${text}) in lower(${attemptLog.text})) > 0`))
    .orderBy(asc(attemptLog.seq))
    .limit(limit);
  return found.map(({ seq }) => seq);
}
