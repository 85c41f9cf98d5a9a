import { foldAscii } from '@/lib/sources/scope';

/** Exact name first; then a name that differs by ASCII case only, if it is the only one. */
export function matchName<T extends { name: string }>(wanted: string, candidates: readonly T[]): T | null {
  const exact = candidates.find(({ name }) => name === wanted);
  if (exact) return exact;
  const folded = candidates.filter(({ name }) => foldAscii(name) === foldAscii(wanted));
  return folded.length === 1 ? (folded[0] as T) : null;
}
