/** A stretch of a cell: plain text, text that the other side does not have, or one invisible character by its name. */
export type CellPiece = { kind: 'text' | 'changed' | 'invisible'; text: string };

const names: Record<string, string> = {
  '\u0000': 'NUL', '\t': 'TAB', '\n': 'LF', '\r': 'CR', '\u001b': 'ESC', '\u007f': 'DEL',
};
const invisible = /[\u0000-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffd]/;

/** "NUL", "U+00A0": what an invisible character is called; null for one that can be seen. */
export function nameInvisible(character: string): string | null {
  if (character in names) return names[character] ?? null;
  if (!invisible.test(character) && !/^[\ud800-\udfff]$/.test(character)) return null;
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
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
