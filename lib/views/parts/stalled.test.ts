import { expect, it } from 'vitest';
import type { WorkerRow } from '@/db/queries/views/read-workers';
import type { CutoverRows } from '@/lib/cutover/rows';
import { allSilentMs, frameLookMs } from '@/lib/shared/worker-times';
import { toStalled } from './stalled';

const rows = {
  now: new Date('2026-11-21T13:21:31.000Z'),
  attempts: [{ state: 'running', verb: 'run', worker: 'w1', stepId: 'freeze', takeovers: [] }],
} as unknown as CutoverRows;
const worker = (id: string, beatAgeMs: number) =>
  ({ id, name: `worker ${id}`, beatAgeMs, beat: new Date(rows.now.getTime() - beatAgeMs) }) as WorkerRow;

it('says of what runs that its worker does not answer once a busy machine hardly explains it, and calls nobody to start one', () => {
  expect(toStalled({ rows, alive: [worker('w1', 7_999)], gone: [] })).toBeNull();
  const alone = toStalled({ rows, alive: [worker('w1', 8_000)], gone: [] });
  expect([alone?.lead, alone?.living]).toEqual(['worker w1 has not answered for 8 s.', []]);
  expect(alone?.rest).toBe('It may only be busy. Then this goes on by itself; what is committed stays.');
  const dead = toStalled({ rows, alive: [worker('w1', 10_000)], gone: [] });
  expect(dead?.rest).toMatch(/^No other worker answers\. This goes on by itself/);
  const helped = toStalled({ rows, alive: [worker('w1', 8_000), worker('w2', 100)], gone: [] });
  expect(helped?.rest).toContain('worker w2 takes over at 2026-11-21T13:21:37.000Z at the latest');
});

it('speaks sooner of a press, since users may be held', () => {
  const [first] = rows.attempts;
  const press = { ...rows, attempts: [{ ...first, pressId: 'switch:1' }] } as unknown as CutoverRows;
  const told = (silentMs: number) => toStalled({ rows: press, alive: [worker('w1', silentMs)], gone: [] });
  expect([told(4_999), told(5_000)?.lead]).toEqual([null, 'worker w1 has not answered for 5 s.']);
});

it('promises a moment only as long as it is to come, and then says what is true after it', () => {
  const told = (silentMs: number) => toStalled({ rows, alive: [worker('w1', silentMs), worker('w2', 100)], gone: [] });
  const said = 'worker w2 answers and takes it over as soon as it gets to it; what is committed stays.';
  expect(told(9_000)?.until).toEqual({ at: '2026-11-21T13:21:36.000Z', rest: said });
  expect([told(12_000)?.rest, told(40_000)?.until]).toEqual([said, undefined]);
});

it('leaves a second for the reading of a frame that says within 12 s that no worker answers', () =>
  expect(allSilentMs + frameLookMs).toBeLessThanOrEqual(11_000));
