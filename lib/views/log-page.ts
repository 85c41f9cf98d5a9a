import { countLevels, findLogLines, readAttemptHead, readLogPage } from '@/db/queries/views/read-log-page';
import type { SessionContext } from '@/lib/auth/actor';
import { CutoverError } from '@/lib/errors';
import type { LogPageDto, LogRow } from './dto';

export type LogParams = {
  attemptId: string;
  after?: number | undefined;
  before?: number | undefined;
  limit?: number | undefined;
  levels?: string[] | undefined;
  search?: string | undefined;
};
const pageLines = 1_000;
/** More marks than this beside a scrollbar say nothing. */
const matchesShown = 10_000;

export const attemptUnknown = (attemptId: string): CutoverError =>
  new CutoverError({
    code: 'attempt_unknown',
    message: `There is no attempt ${attemptId.slice(0, 60)}.`,
    advice: 'Open the cutover and choose one of its attempts.',
  });

/** A page of an attempt's log. `matches` are the numbers of all lines that hold `search`. @throws CutoverError attempt_unknown */
export async function buildLogPage(
  { db }: SessionContext,
  { attemptId, search, limit, ...range }: LogParams,
): Promise<LogPageDto> {
  const head = await readAttemptHead(db, attemptId);
  if (!head) throw attemptUnknown(attemptId);
  const lines = await readLogPage(db, { attemptId, ...range }, limit ?? pageLines);
  return {
    attemptId,
    total: head.logLines,
    counts: await countLevels(db, attemptId),
    rows: lines.map(({ seq, at, level, stream, text }): LogRow => [seq, at.toISOString(), level, stream, text]),
    matches: search ? await findLogLines(db, attemptId, search, matchesShown) : null,
  };
}
