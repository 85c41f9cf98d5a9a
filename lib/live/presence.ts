/** Who has a page of which cutover open, as far as this process streams it to them. */
type Here = Map<string, { name: string; tabs: number }>;
const kept = globalThis as typeof globalThis & { cutoverPresence?: Map<string, Here> };
const byCutover = (): Map<string, Here> => (kept.cutoverPresence ??= new Map());

/** Notes a person on these topics; the returned function takes the note back, once. */
export function enter(person: { id: string; name: string }, topics: Iterable<string>): () => void {
  const cutovers = [...topics]
    .filter((topic) => topic.startsWith('cutover:'))
    .map((topic) => topic.slice('cutover:'.length));
  for (const id of cutovers) {
    const here: Here = byCutover().get(id) ?? new Map();
    here.set(person.id, { name: person.name, tabs: (here.get(person.id)?.tabs ?? 0) + 1 });
    byCutover().set(id, here);
  }
  return () => {
    for (const id of cutovers.splice(0)) {
      const here = byCutover().get(id);
      const own = here?.get(person.id);
      if (!here || !own) continue;
      own.tabs -= 1;
      if (own.tabs < 1) here.delete(person.id);
      if (here.size === 0) byCutover().delete(id);
    }
  };
}

export const peopleOn = (cutoverId: string): { id: string; name: string }[] =>
  [...(byCutover().get(cutoverId) ?? new Map<string, { name: string }>())].map(([id, { name }]) => ({ id, name }));
