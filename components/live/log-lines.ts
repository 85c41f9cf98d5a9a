import { type LogLevel, logLevels } from '@/lib/shared/statuses';
import type { LogRow } from '@/lib/views/dto';

/** Lines of one attempt in order, without doubles. `version` changes with every change, for readers of the mutable list. */
export type LogLines = {
  rows: LogRow[];
  counts: Record<LogLevel, number>;
  /** Lines of the whole attempt, as far as is known. */
  total: number;
  version: number;
};

export const emptyLog = (): LogLines => ({
  rows: [],
  counts: { debug: 0, info: 0, note: 0, warn: 0, error: 0 },
  total: 0,
  version: 0,
});

const isLevel = (level: string): level is LogLevel => (logLevels as readonly string[]).includes(level);

/** Adds rows that lie after the last one, in place. Returns how many were new. */
export function appendLines(log: LogLines, rows: readonly LogRow[]): number {
  let last = log.rows.at(-1)?.[0] ?? 0;
  let added = 0;
  for (const row of rows) {
    if (row[0] <= last) continue;
    log.rows.push(row);
    if (isLevel(row[2])) log.counts[row[2]] += 1;
    last = row[0];
    added += 1;
  }
  if (added) {
    log.version += 1;
    log.total = Math.max(log.total, last);
  }
  return added;
}

/** What is drawn: lines, and a gap wherever numbers are missing between two of them (or before the first). */
export type LogItem = { kind: 'line'; row: LogRow } | { kind: 'gap'; after: number; count: number };

export function logItems(rows: readonly LogRow[], levels: ReadonlySet<string> | null): LogItem[] {
  const items: LogItem[] = [];
  let last = 0;
  for (const row of rows) {
    if (row[0] > last + 1) items.push({ kind: 'gap', after: last, count: row[0] - last - 1 });
    last = row[0];
    if (!levels || levels.has(row[2])) items.push({ kind: 'line', row });
  }
  return items;
}
