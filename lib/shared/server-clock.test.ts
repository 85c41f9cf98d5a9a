import { expect, it } from 'vitest';
import { neverBack, openServerClock } from './server-clock';

it('trusts the quickest answer and never runs backwards, however late the others are', () => {
  let steadyMs = 0;
  const clock = openServerClock(() => steadyMs);
  expect(clock.nowMs()).toBeNull();
  let shown = 0;
  // Made at the server's 100 s + steadyMs, on their way for so long.
  for (const lateMs of [900, 100, 6_000, 19_000, 400, 50]) {
    steadyMs += 2_500;
    clock.read(100_000 + steadyMs - lateMs);
    const now = clock.nowMs() ?? 0;
    expect(now).toBeGreaterThan(shown);
    shown = now;
  }
  expect(Math.abs(shown - (100_000 + steadyMs - 50))).toBeLessThan(2);
});

it('follows a clock of the server that was set back by more than any answer travels', () => {
  const clock = openServerClock(() => 0);
  clock.read(3_600_000);
  clock.read(5_000);
  expect(clock.nowMs()).toBe(5_000);
  expect([neverBack(10_000, 9_000), neverBack(10_000, 11_000), neverBack(3_600_000, 5_000)]).toEqual([
    10_000, 11_000, 5_000,
  ]);
});
