/** A stretch of a cell: plain text, text that the other side does not have, or one invisible character by its name. */
export type CellPiece = { kind: 'text' | 'changed' | 'invisible'; text: string };

const names: Record<string, string> = {
  '\u0000': 'NUL',
  '\t': 'TAB',
  '\n': 'LF',
  '\r': 'CR',
  '\u001b': 'ESC',
  '\u007f': 'DEL',
};
/** Ranges of characters that draw nothing, change direction, or join what stands beside them. */
const invisible: [number, number][] = [
  [0x00, 0x1f],
  [0x7f, 0xa0],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180e],
  [0x2000, 0x200f],
  [0x2028, 0x202f],
  [0x205f, 0x206f],
  [0x3000, 0x3000],
  [0x3164, 0x3164],
  [0xd800, 0xdfff],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffd],
];

/** "NUL", "U+00A0": what an invisible character is called; null for one that can be seen. */
export function nameInvisible(character: string): string | null {
  const known = names[character];
  if (known) return known;
  const point = character.codePointAt(0) ?? 0;
  if (!invisible.some(([from, to]) => point >= from && point <= to)) return null;
  return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
}

function commonLength(a: string[], b: string[]): { head: number; tail: number } {
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < most - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  return { head, tail };
}

const isSpace = (character: string): boolean => character === ' ';

function pushPiece(pieces: CellPiece[], kind: 'text' | 'changed', text: string): void {
  const last = pieces.at(-1);
  if (last?.kind === kind) last.text += text;
  else pieces.push({ kind, text });
}

/**
 * One side of a differing cell: what the other side lacks is marked, invisible characters have names. A plain space is
 * named only where it differs and stands at an edge, or is all there is: there it cannot be seen.
 */
export function markCell(own: string, other: string | null): CellPiece[] {
  const mine = Array.from(own);
  const { head, tail } = commonLength(mine, Array.from(other ?? own));
  const pieces: CellPiece[] = [];
  mine.forEach((character, index) => {
    const changed = other !== null && index >= head && index < mine.length - tail;
    const atEdge = mine.slice(0, index).every(isSpace) || mine.slice(index).every(isSpace);
    const name = changed && character === ' ' && atEdge ? 'SPACE' : nameInvisible(character);
    if (name) pieces.push({ kind: 'invisible', text: name });
    else pushPiece(pieces, changed ? 'changed' : 'text', character);
  });
  return pieces;
}
