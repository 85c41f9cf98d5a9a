import type { Place } from '@/lib/cutover/walk-runbook';

/** "Snapshot source": the runbook's own title, else the kind as words. */
export function stepTitle({ step }: Pick<Place, 'step'>): string {
  const text = step.title ?? step.kind.replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The same inside a sentence: "row diff"; a name in capitals keeps them. */
export function titleInSentence(place: Pick<Place, 'step'>): string {
  const title = stepTitle(place);
  return /^[A-Z]{2}/.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1);
}

/** "OO" for Olga Operator, "OL" for Olga. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters =
    words.length > 1
      ? [words[0], words.at(-1)].map((word) => [...(word ?? '')][0] ?? '')
      : [...(words[0] ?? '?')].slice(0, 2);
  return letters.join('').toUpperCase();
}

/** ['a'] → "a"; ['a', 'b', 'c'] → "a, b and c". */
export const listWords = (words: string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** 1 → "1 row", 2 → "2 rows", 1204 → "1,204 rows". */
export const countWords = (count: number | bigint, one: string, many = `${one}s`): string =>
  `${new Intl.NumberFormat('en-US').format(count)} ${count === 1 || count === 1n ? one : many}`;
