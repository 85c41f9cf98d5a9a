import type { LogRow } from '@/lib/views/dto';

export type SequencePart = { title: string; startedAt: string | null; rows: readonly LogRow[] };

/** The logs of the steps of one press, one after the other: a line with the step's name, then its lines; numbered through. */
export function sequenceRows(parts: readonly SequencePart[]): LogRow[] {
  const rows: LogRow[] = [];
  for (const { title, startedAt, rows: own } of parts) {
    const at = startedAt ?? own[0]?.[1];
    if (!at) continue;
    rows.push([rows.length + 1, at, 'note', 'step', title]);
    for (const [, time, level, stream, text] of own) rows.push([rows.length + 1, time, level, stream, text]);
  }
  return rows;
}
