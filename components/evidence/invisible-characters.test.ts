import { describe, expect, it } from 'vitest';
import { markCell, nameInvisible } from './invisible-characters';

const drawn = (own: string, other: string | null) =>
  markCell(own, other)
    .map(({ kind, text }) => (kind === 'text' ? text : kind === 'changed' ? `<${text}>` : `[${text}]`))
    .join('');

describe('cells', () => {
  it.each([
    ['a NUL the target cannot hold', 'Hook works\u0000 keep', 'Hook works keep', 'Hook works[NUL] keep'],
    ['the same cell seen from the target', 'Hook works keep', 'Hook works\u0000 keep', 'Hook works keep'],
    ['a trailing space', 'Outfits ', 'Outfits', 'Outfits[SPACE]'],
    ['a space between words stays a space', 'a b c', 'a c', 'a <b >c'],
    ['a no-break space, also where both have it', 'a\u00a0b', 'a\u00a0c', 'a[U+00A0]<b>'],
    ['a changed number', '4', '5', '<4>'],
    ['a whole emoji, not half of it', 'x👍', 'x👎', 'x<👍>'],
    ['nothing is marked when the other row is missing', 'abc', null, 'abc'],
  ])('marks %s', (_, own, other, shown) => expect(drawn(own, other)).toBe(shown));

  it('names a lone surrogate and a line feed', () => {
    expect([nameInvisible('\ud83d'), nameInvisible('\n'), nameInvisible('a'), nameInvisible('é')]).toEqual([
      'U+D83D',
      'LF',
      null,
      null,
    ]);
  });
});
