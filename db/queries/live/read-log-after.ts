import { and, asc, eq, gt } from 'drizzle-orm';
import { attemptLog } from '@/db/schema';
import type { Reader } from '@/db/tx';

/** Log lines of one attempt after `after`, in order; written by the one worker that holds the attempt. */
export const readLogAfter = (db: Reader, attemptId: string, after: number, limit: number) =>
  db
    .select({
      seq: attemptLog.seq,
      at: attemptLog.at,
      level: attemptLog.level,
      stream: attemptLog.stream,
      text: attemptLog.text,
    })
    .from(attemptLog)
    .where(and(eq(attemptLog.attemptId, attemptId), gt(attemptLog.seq, after)))
    .orderBy(asc(attemptLog.seq))
    .limit(limit);
