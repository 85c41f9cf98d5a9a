type Key = { system: string; sourceId: string };

/**
 * Who is counted next: of those that were seen, the one that has waited longest, and nobody twice within `everyMs`. Where a round
 * takes more than its time, the first would else be counted again and again, and the last never.
 */
export function takeTurns(everyMs: number, now: () => number = Date.now) {
  const taken = new Map<string, number>();
  const waiting = new Map<string, Key>();
  return {
    note(keys: readonly Key[]): void {
      for (const key of keys) waiting.set(`${key.system}/${key.sourceId}`, key);
    },
    /** Null when nobody is due. */
    next(): Key | null {
      const due = [...waiting]
        .map(([name, key]) => ({ name, key, at: taken.get(name) ?? Number.NEGATIVE_INFINITY }))
        .filter(({ at }) => now() - at > everyMs)
        .sort((a, b) => a.at - b.at)[0];
      if (!due) return null;
      waiting.delete(due.name);
      taken.set(due.name, now());
      return due.key;
    },
  };
}
