import { expect, it } from 'vitest';
import { standOf } from './worker-stand';

it('never calls a silent worker busy or ready, whatever it last said', () => {
  const words = [0, 9_999, 10_000].map((beatAgeMs) => [1, 0].map((attempts) => standOf({ beatAgeMs, attempts })));
  const alive = [
    { status: 'running', word: '1 under way' },
    { status: 'passed', word: 'ready' },
  ];
  const silent = { status: 'unknown', word: 'silent' };
  expect(words).toEqual([alive, alive, [silent, silent]]);
});
