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

it('says in one line where a worker was lost and which one went on', () => {
  const at = (second: number, text: string): LogRow => [1, `2026-11-21T02:30:${second}Z`, 'info', 'out', text];
  const lost = { worker: 'worker-1', lostAt: '2026-11-21T02:30:12Z' };
  const log = (takeover: object) =>
    sequenceRows([
      {
        title: 'Verify mode',
        startedAt: '2026-11-21T02:30:10Z',
        rows: [at(11, 'asked'), at(31, 'asked again')],
        takeovers: [{ ...lost, ...takeover }],
      },
    ]).map(([, , , , text]) => text);
  expect(log({ by: 'worker-2', resumedAt: '2026-11-21T02:30:30Z' })).toEqual([
    'Verify mode',
    'asked',
    'worker-1 was lost here. worker-2 goes on.',
    'asked again',
  ]);
  expect(log({}).at(-1)).toBe('worker-1 was lost here. It waits for a worker that goes on.');
});
