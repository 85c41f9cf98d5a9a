import { expect, it } from 'vitest';
import { timesInText } from './times-in-text';

it.each([
  ['Planned, T-0 2026-11-21T21:45:00.000Z', ['Planned, T-0 ', '2026-11-21T21:45:00.000Z'], [false, true]],
  [
    '2026-11-21T21:45:00Z to 2026-11-21T21:46:00Z',
    ['2026-11-21T21:45:00Z', ' to ', '2026-11-21T21:46:00Z'],
    [true, false, true],
  ],
  ['2026-99-99T99:99:99Z', ['2026-99-99T99:99:99Z'], [false]],
  ['no time', ['no time'], [false]],
  ['', [], []],
])('finds the moments of %j and loses no character', (text, pieces, isos) => {
  expect(timesInText(text).map((piece) => piece.text)).toEqual(pieces);
  expect(timesInText(text).map((piece) => piece.iso)).toEqual(isos);
});
