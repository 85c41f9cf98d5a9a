import { expect, it } from 'vitest';
import { rateMeter } from './rate-meter';

it('measures for 3 s, then tells the rate of the last 12 s, and none where nothing moves', () => {
  const rate = rateMeter();
  expect(rate(0, 0)).toBeNull();
  expect(rate(2_000, 2_000)).toBeNull();
  expect(rate(4_000, 4_000)).toBe(1_000);
  expect(rate(4_160, 20_000)).toBe(10);
  expect(rate(4_660, 25_000)).toBe(100);
  expect(rate(4_660, 40_000)).toBeNull();
});

it('starts anew where the counting does', () => {
  const rate = rateMeter();
  rate(0, 0);
  rate(9_000, 9_000);
  expect(rate(10, 10_000)).toBeNull();
  expect(rate(50, 14_000)).toBe(10);
});
