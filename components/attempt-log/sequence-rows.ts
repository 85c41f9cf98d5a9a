import type { AttemptDto, LogRow } from '@/lib/views/dto';

export type SequencePart = {
  title: string;
  startedAt: string | null;
  rows: readonly LogRow[];
  takeovers?: AttemptDto['takeovers'];
};

/** One line for each worker that was lost in the middle: before the first line of the one that went on. */
function withTakeovers({ rows, takeovers = [] }: SequencePart): LogRow[] {
  const lines = [...rows];
  for (const { worker, by, lostAt, resumedAt } of takeovers) {
    const after = resumedAt ? lines.findIndex(([, at]) => at >= resumedAt) : -1;
    const lost = `${worker ?? 'The worker'} was lost here.`;
    const text = resumedAt
      ? `${lost} ${by ?? 'Another worker'} goes on.`
      : `${lost} It waits for a worker that goes on.`;
    lines.splice(after < 0 ? lines.length : after, 0, [0, resumedAt ?? lostAt, 'warn', 'step', text]);
  }
  return lines;
}

/** The logs of the steps of one press, one after the other: a line with the step's name, then its lines; numbered through. */
export function sequenceRows(parts: readonly SequencePart[]): LogRow[] {
  const rows: LogRow[] = [];
  for (const part of parts) {
    const { title, startedAt } = part;
    const own = withTakeovers(part);
    const at = startedAt ?? own[0]?.[1];
    if (!at) continue;
    rows.push([rows.length + 1, at, 'note', 'step', title]);
    for (const [, time, level, stream, text] of own) rows.push([rows.length + 1, time, level, stream, text]);
  }
  return rows;
}
