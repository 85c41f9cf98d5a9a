/** "OO" for Olga Operator, "OL" for Olga. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const [first = '?', last] = [words[0], words.length > 1 ? words.at(-1) : undefined];
  const letters = last ? [[...first][0], [...last][0]] : [...first].slice(0, 2);
  return letters.join('').toUpperCase();
}

/** ['a'] → "a"; ['a', 'b', 'c'] → "a, b and c". */
export const listWords = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

const grouped = new Intl.NumberFormat('en-US');

/** 1 → "1 row", 2 → "2 rows", '1204' → "1,204 rows". Takes decimal text as well, since DTOs carry bigint as text. */
export function countWords(count: number | bigint | string, one: string, many = `${one}s`): string {
  const exact = typeof count === 'string' ? BigInt(count) : count;
  return `${grouped.format(exact)} ${plural(exact, one, many)}`;
}

/** The word alone: 1 → "waits", 2 → "wait". */
export const plural = (count: number | bigint, one: string, many: string): string =>
  count === 1 || count === 1n ? one : many;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
