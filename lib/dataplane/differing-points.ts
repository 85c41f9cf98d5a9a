const mostPoints = 6;
const mostQuoted = 24;

const pointName = (char: string): string =>
  `U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
/** Draws nothing, is joined to the letter before it, or is a space of another kind. */
const isHidden = (char: string): boolean => /[\p{M}\p{C}\p{Z}]/u.test(char) && char !== ' ';
const isPlain = (char: string): boolean => char >= ' ' && char <= '~';
const isSpaces = (text: string): boolean => /^ *$/.test(text);
/** What is left to see of a text: without what draws nothing, and one of the forms that look the same. */
const seenOf = (points: string[]): string =>
  points
    .join('')
    .normalize('NFKD')
    .replace(/[\p{M}\p{C}\p{Z}]/gu, '');
const scriptOf = (char: string): string | null =>
  (['Latin', 'Cyrillic', 'Greek'] as const).find((script) => new RegExp(`\\p{Script=${script}}`, 'u').test(char)) ??
  null;
/** "а" of another alphabet in the place of "a". */
const swapsScript = (own: string[], other: string[]): boolean =>
  own.length === other.length &&
  own.some((char, at) => {
    const [one, two] = [scriptOf(char), scriptOf(other[at] ?? '')];
    return one !== null && two !== null && one !== two;
  });

/** Whether eyes could miss what differs: nothing visible does, something that cannot be seen is among it, or letters only look alike. */
const isUnclear = (own: string[], other: string[]): boolean =>
  seenOf(own) === seenOf(other) || [...own, ...other].some(isHidden) || swapsScript(own, other);

/** Ordinary text quoted as it is, everything else by its code point. */
function spelled(points: string[]): string {
  const parts: { plain: boolean; chars: string[] }[] = [];
  for (const char of points) {
    const last = parts.at(-1);
    if (last?.plain && isPlain(char)) last.chars.push(char);
    else parts.push({ plain: isPlain(char), chars: [char] });
  }
  const shown = parts.slice(0, mostPoints).map(({ plain, chars }) => {
    const text = chars.join('');
    if (!plain || isSpaces(text)) return chars.slice(0, mostPoints).map(pointName).join(' ');
    return `"${text.length > mostQuoted ? `${text.slice(0, mostQuoted)}…` : text}"`;
  });
  const more = parts.length > mostPoints ? ` and ${parts.length - mostPoints} more` : '';
  return `${shown.join(' ')}${more}`;
}

/**
 * Where two texts differ (characters, from 0) and in what, for each side: ordinary text as it is, and what eyes cannot tell apart by
 * its code points. null where the texts themselves show it. "é" may be one character or two, a space of several kinds, and some draw
 * nothing.
 */
export function differingPoints(source: string, target: string, isLong: boolean): [string | null, string | null] {
  const [a, b] = [Array.from(source), Array.from(target)];
  const least = Math.min(a.length, b.length);
  let head = 0;
  while (head < least && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < least - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const [own, other] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  if (!isUnclear(own, other)) {
    const place = isLong ? `first difference at character ${head}` : null;
    return [place, place];
  }
  const named = (points: string[]): string => `${points.length ? spelled(points) : 'nothing'} at character ${head}`;
  return [named(own), named(other)];
}

/** What of a text cannot be seen or is joined to the letter before it: code points and their places; null where there is none. */
export function hiddenPoints(text: string): string | null {
  const found = Array.from(text).flatMap((char, at) =>
    /[\p{M}\p{C}\p{Z}]/u.test(char) && (char !== ' ' || at === 0) ? [`${pointName(char)} at character ${at}`] : [],
  );
  const more = found.length > mostPoints ? ` and ${found.length - mostPoints} more` : '';
  return found.length ? `${found.slice(0, mostPoints).join(', ')}${more}` : null;
}
