import { CutoverError } from '@/lib/errors';

/** A browser holds three streams; this leaves room for several browsers and for tabs that have not noticed their end yet. */
const perPerson = 24;
const perProcess = 400;
const held = new Map<string, number>();

/** Counts a stream in; the returned function counts it out, once. @throws CutoverError too_many_tries */
export function takePlace(personId: string): () => void {
  const own = held.get(personId) ?? 0;
  const all = [...held.values()].reduce((sum, count) => sum + count, 0);
  if (own >= perPerson || all >= perProcess) {
    throw new CutoverError({
      code: 'too_many_tries',
      message: 'Too many live pages are open.',
      advice: 'Close some tabs; this one reads slowly meanwhile.',
      retry: 'later',
    });
  }
  held.set(personId, own + 1);
  let left = false;
  return () => {
    if (left) return;
    left = true;
    const now = (held.get(personId) ?? 1) - 1;
    if (now > 0) held.set(personId, now);
    else held.delete(personId);
  };
}
