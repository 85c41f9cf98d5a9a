import { expect, it } from 'vitest';
import { waveTimes } from './wave';

const of = (sourceId: string, service: string | null) => ({ system: 'sx', sourceId, service });

it('gives profiles behind one process one T-0, and each further process its own', () => {
  const wave = [of('a', 'one'), of('b', 'team'), of('c', 'team'), of('file', null), of('other', null)];
  expect(waveTimes(wave, 0, 10)).toEqual([0, 600_000, 600_000, 1_200_000, 1_800_000]);
  expect(waveTimes(wave, 5, 0)).toEqual([5, 5, 5, 5, 5]);
});
