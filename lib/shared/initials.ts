import { initialsOf } from './words';

const lettersOf = (name: string): string[] => [...name.replace(/\s+/g, '').toUpperCase()];

/** First letter with the one in place `at`. */
const pair = (name: string, at: number): string => {
  const letters = lettersOf(name);
  return `${letters[0] ?? '?'}${letters[at] ?? ''}`;
};

/**
 * Initials that tell these people apart: usual ones, and for those who would share them the first letter with the first one in
 * which all of them differ. Whoever is not of the list has the usual ones.
 */
export function initialsAmong(names: Iterable<string>): (name: string) => string {
  const groups = new Map<string, string[]>();
  for (const name of [...new Set(names)].sort())
    groups.set(initialsOf(name), [...(groups.get(initialsOf(name)) ?? []), name]);
  const taken = new Set(groups.keys());
  const chosen = new Map<string, string>();
  for (const [usual, group] of groups) {
    const longest = Math.max(...group.map((name) => lettersOf(name).length));
    for (let at = 1; group.length > 1 && at < longest; at += 1) {
      const pairs = group.map((name) => pair(name, at));
      if (new Set(pairs).size < group.length || pairs.some((one) => one !== usual && taken.has(one))) continue;
      group.forEach((name, index) => chosen.set(name, pairs[index] ?? usual));
      for (const one of pairs) taken.add(one);
      break;
    }
  }
  return (name) => chosen.get(name) ?? initialsOf(name);
}
