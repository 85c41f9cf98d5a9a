import { eq, sql } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { inTx } from '@/db/tx';
import { attempt, attemptLog } from '@/db/schema';
import { holdAttempt } from './hold-attempt';

export type LogLine = { at: Date; level: string; stream: string; text: string };
/** Lines kept in the database per attempt; the file has all. */
const keptLines = 100_000;

/** Appends lines in order, numbered under the attempt's row; false when the attempt is no longer held. */
export function insertLogLines(db: Db, id: string, epoch: number, lines: LogLine[]): Promise<boolean> {
  return inTx(db, async (tx) => {
    if (!(await holdAttempt(tx, id, epoch))) return false;
    const [row] = await tx
      .update(attempt)
      .set({ logLines: sql`${attempt.logLines} + ${lines.length}` })
      .where(eq(attempt.id, id))
      .returning({ last: attempt.logLines });
    const first = (row?.last ?? lines.length) - lines.length + 1;
    const rows = lines
      .map((line, index) => ({ attemptId: id, seq: first + index, ...line }))
      .filter(({ seq }) => seq <= keptLines);
    if (rows.length > 0) await tx.insert(attemptLog).values(rows);
    await tx.execute(sql`notify live`);
    return true;
  });
}
