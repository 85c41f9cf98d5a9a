import { expect, it } from 'vitest';
import type { LogRow } from '@/lib/views/dto';
import { sequenceRows } from './sequence-rows';

const line = (seq: number, text: string): LogRow => [seq, '2026-11-21T02:30:00Z', 'info', 'out', text];

it('keeps the lines of every step of a press, each under its name, numbered through', () => {
  const rows = sequenceRows([
    { title: 'Freeze', startedAt: '2026-11-21T02:30:00Z', rows: [line(1, 'held'), line(2, 'none in flight')] },
    { title: 'Fence', startedAt: '2026-11-21T02:30:01Z', rows: [] },
    { title: 'Thaw', startedAt: null, rows: [] },
  ]);
  expect(rows.map(([n, , , , text]) => [n, text])).toEqual([
    [1, 'Freeze'],
    [2, 'held'],
    [3, 'none in flight'],
    [4, 'Fence'],
  ]);
});
