import { expect, it } from 'vitest';
import { countPlaywright, countVitest, lastLine } from '@/lib/launcher/test-counts.mjs';

it('counts a run without a report as a failure', () => {
  expect(countVitest(null, 0)).toEqual({ passed: 0, failed: 1 });
  expect(countPlaywright(null, 0)).toEqual({ passed: 0, failed: 1 });
});

it('counts a failure outside the tests, a flaky test and one that did not run as failures', () => {
  expect(countVitest({ numPassedTests: 7, numFailedTests: 0 }, 1)).toEqual({ passed: 7, failed: 1 });
  expect(countPlaywright({ stats: { expected: 3, unexpected: 0, flaky: 2, skipped: 1 } }, 0)).toEqual({
    passed: 3,
    failed: 3,
  });
});

it('ends with one plain line over all parts', () => {
  expect(
    lastLine([
      { passed: 2, failed: 0 },
      { passed: 40, failed: 1 },
    ]),
  ).toBe('42 passed, 1 failed');
});
