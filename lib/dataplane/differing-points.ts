const mostPoints = 6;

const pointName = (char: string): string =>
  `U+${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
/** What any font draws apart from everything else. */
const isPlain = (char: string): boolean => char > ' ' && char <= '~';

/**
 * The characters in which two texts differ, by their code points and the place of the first (from 0), for each side; null where all of
 * them are plain letters that can be told apart by eye. "é" may be one character or two, a space of several kinds, and some draw nothing.
 */
export function differingPoints(source: string, target: string, isLong: boolean): [string | null, string | null] {
  const [a, b] = [Array.from(source), Array.from(target)];
  const least = Math.min(a.length, b.length);
  let head = 0;
  while (head < least && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < least - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const [own, other] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  const told = [...own, ...other].every(isPlain);
  if (told)
    return isLong ? [`first difference at character ${head}`, `first difference at character ${head}`] : [null, null];
  const named = (points: string[]): string => {
    const names = points.slice(0, mostPoints).map(pointName).join(' ');
    const more = points.length > mostPoints ? ` and ${points.length - mostPoints} more` : '';
    return points.length ? `${names}${more} at character ${head}` : `nothing at character ${head}`;
  };
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
