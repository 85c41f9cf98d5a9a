import { describe, expect, it } from 'vitest';
import type { LogRow } from '@/lib/views/dto';
import { appendLines, emptyLog, logItems } from './log-lines';

const line = (n: number, level = 'info'): LogRow => [n, '2026-11-21T02:00:00.000Z', level, 'out', `line ${n}`];

describe('the lines of an attempt', () => {
  it('takes every line once and in order when a page and the stream overlap', () => {
    const log = emptyLog();
    expect(appendLines(log, [line(1), line(2), line(3, 'warn')])).toBe(3);
    expect(appendLines(log, [line(2), line(3), line(4)])).toBe(1);
    expect([log.rows.map((row) => row[0]), log.counts.warn, log.counts.info, log.version]).toEqual([
      [1, 2, 3, 4],
      1,
      3,
      2,
    ]);
  });
  it('shows lines that were left out as a gap, never as silence', () => {
    const items = logItems([line(1), line(5), line(6)], null);
    expect(items.map((item) => (item.kind === 'gap' ? `gap ${item.count}` : item.row[0]))).toEqual([1, 'gap 3', 5, 6]);
    expect(logItems([line(4)], null)[0]).toEqual({ kind: 'gap', after: 0, count: 3 });
  });
  it('makes no gap of lines that a level hides', () => {
    expect(logItems([line(1), line(2, 'debug'), line(3)], new Set(['info'])).length).toBe(2);
  });
});
