import { expect, it } from 'vitest';
import type { WorkerRow } from '@/db/queries/views/read-workers';
import type { CutoverRows } from '@/lib/cutover/rows';
import { allSilentMs, frameLookMs } from '@/lib/shared/worker-times';
import { toStalled } from './stalled';

const rows = {
  now: new Date('2026-11-21T13:21:31.000Z'),
  attempts: [{ state: 'running', verb: 'run', worker: 'w1', stepId: 'freeze', takeovers: [] }],
} as unknown as CutoverRows;
const worker = (id: string, beatAgeMs: number) => ({ id, name: `worker ${id}`, beatAgeMs }) as WorkerRow;

it('says of what runs that its worker does not answer, from the second missed beat on', () => {
  expect(toStalled({ rows, alive: [worker('w1', 4_999)], gone: [] })).toBeNull();
  const alone = toStalled({ rows, alive: [worker('w1', 5_000)], gone: [] });
  expect([alone?.lead, alone?.living]).toEqual(['worker w1 has not answered for 5 s.', []]);
  const helped = toStalled({ rows, alive: [worker('w1', 7_000), worker('w2', 100)], gone: [] });
  expect(helped?.rest).toContain('worker w2 takes over at 13:21:34 UTC');
});

it('leaves a second for the reading of a frame that says within 12 s that no worker answers', () =>
  expect(allSilentMs + frameLookMs).toBeLessThanOrEqual(11_000));
