type Key = { system: string; sourceId: string };
/** `countAgain`: what was counted is older than what a press has done since. */
type Noted = Key & { countAgain?: boolean };

/**
 * Who is counted next: of those that were seen, the one that has waited longest, and nobody twice within `everyMs`. Where a round
 * takes more than its time, the first would else be counted again and again, and the last never.
 * What is known to be old is first, and waits only `againMs`.
 */
export function takeTurns(everyMs: number, now: () => number = Date.now, againMs = 5_000) {
  const taken = new Map<string, number>();
  const waiting = new Map<string, Noted>();
  return {
    note(keys: readonly Noted[]): void {
      for (const key of keys) waiting.set(`${key.system}/${key.sourceId}`, key);
    },
    /** Null when nobody is due. */
    next(): Noted | null {
      const due = [...waiting]
        .map(([name, key]) => ({ name, key, at: taken.get(name) ?? Number.NEGATIVE_INFINITY }))
        .filter(({ at, key }) => now() - at > (key.countAgain ? againMs : everyMs))
        .sort((a, b) => Number(b.key.countAgain ?? false) - Number(a.key.countAgain ?? false) || a.at - b.at)[0];
      if (!due) return null;
      waiting.delete(due.name);
      taken.set(due.name, now());
      return due.key;
    },
  };
}
