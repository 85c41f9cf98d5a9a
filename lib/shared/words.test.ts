import { expect, it } from 'vitest';
import { countWords, initialsOf, listWords } from './words';

it.each([
  ['Olga Operator', 'OO'],
  ['Olga', 'OL'],
  ['  ada  b.  lovelace ', 'AL'],
  ['Ö', 'Ö'],
  ['😀x', '😀X'],
  ['', '?'],
])('%j is shown as %j', (name, initials) => expect(initialsOf(name)).toBe(initials));

it('counts as a person does, whatever carries the number', () => {
  expect([
    countWords(1, 'finding'),
    countWords(0, 'finding'),
    countWords('1204', 'row'),
    countWords(1n, 'row'),
  ]).toEqual(['1 finding', '0 findings', '1,204 rows', '1 row']);
  expect(countWords(2, 'entry', 'entries')).toBe('2 entries');
});

it('lists as a sentence does', () => expect(listWords(['a', 'b', 'c'])).toBe('a, b and c'));
