/** Params in a fixed order, as text: equal params have equal text. */
export const paramsText = (params: Record<string, string>): string =>
  new URLSearchParams(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))).toString();

/** The cache key of a view: its name and its params. */
export const viewKey = (name: string, paramText: string): [string, string, string] => ['view', name, paramText];

const timeOf = (view: unknown): string =>
  view && typeof view === 'object' && 'now' in view && typeof view.now === 'string' ? view.now : '';

/** The later made of two answers: a page rendered again must not be covered by an older cached one. */
export function newerView<T>(kept: T | undefined, given: T | undefined): T | undefined {
  if (kept === undefined) return given;
  return given !== undefined && timeOf(given) > timeOf(kept) ? given : kept;
}
