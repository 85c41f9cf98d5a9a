import { expect, it } from 'vitest';
import { initialsOfName } from './initials';

it.each([
  ['Olga Operator', 'OO'],
  ['Olga', 'OL'],
  ['  ada  b.  lovelace ', 'AL'],
  ['Ö', 'Ö'],
  ['😀x', '😀X'],
  ['', '?'],
])('%j is shown as %j', (name, initials) => expect(initialsOfName(name)).toBe(initials));
