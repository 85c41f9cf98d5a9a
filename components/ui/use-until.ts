import { useServerNow } from './clock';

/** What a text says now: a promise for a moment is replaced once that has passed. */
export function useUntil(text: string, until: { at: string; rest: string } | undefined): string {
  const nowMs = useServerNow(until ? 1_000 : 60_000);
  return until && nowMs > Date.parse(until.at) ? until.rest : text;
}
