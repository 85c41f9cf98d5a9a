import { expect, it, vi } from 'vitest';
import type { Progress } from '@/lib/shared/evidence';
import { keepProgress } from './keep-progress';
import { tellProgress } from './tell-progress';

const reading = (done: number): Progress => ({ unit: 'rows', done, total: 9, at: '', startedAt: '' });

it('tells the last reading of every part, however fast they follow', () => {
  const told: number[] = [];
  const { tell, flush } = tellProgress(({ done }) => told.push(done), 60_000);
  for (const done of [1, 2, 3]) tell(reading(done));
  expect(told).toEqual([1]);
  flush();
  flush();
  expect(told).toEqual([1, 3]);
});

it('keeps readings in their order, and is done only when the last one is kept', async () => {
  const kept: number[] = [];
  const doors: (() => void)[] = [];
  const progress = keepProgress(
    ({ done }) =>
      new Promise((resolve) =>
        doors.push(() => {
          kept.push(done);
          resolve();
        }),
      ),
  );
  for (const done of [1, 2, 3]) progress.write(reading(done));
  const closed = progress.close().then(() => kept.push(-1));
  expect(doors).toHaveLength(1);
  doors[0]?.();
  await new Promise(setImmediate);
  doors[1]?.();
  await closed;
  expect(kept).toEqual([1, 3, -1]);
});

it('counts as speed only what this attempt did, not what it found done', () => {
  vi.useFakeTimers({ now: 0 });
  const told: unknown[] = [];
  const { tell } = tellProgress(({ perSecond }) => told.push(perSecond), 0);
  tell({ ...reading(0), total: 9_000 });
  vi.setSystemTime(1_000);
  tell({ ...reading(8_000), kept: 8_000, total: 9_000 });
  vi.setSystemTime(4_000);
  tell({ ...reading(8_400), kept: 8_000, total: 9_000 });
  expect(told).toEqual([null, null, 100]);
  vi.useRealTimers();
});
