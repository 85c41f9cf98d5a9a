/** Which topics of the event stream make a view's answer old. */
export function topicsOfView(name: string, params: Record<string, string>): string[] {
  switch (name) {
    case 'shell':
    case 'reviews':
      return ['inbox'];
    case 'fleet':
    case 'profile':
    case 'cutovers':
    case 'new-cutover':
      return ['fleet'];
    case 'wizard':
      return params.cutoverId ? [`cutover:${params.cutoverId}`] : [];
    default:
      return [];
  }
}

/** "cutover:a1.12,log:7.120": where this tab goes on after a break. */
export const formatCursors = (cursors: ReadonlyMap<string, number>, topics: readonly string[]): string =>
  topics.map((topic) => `${topic}.${cursors.get(topic) ?? 0}`).join(',');

export const streamUrl = (topics: readonly string[], cursors: ReadonlyMap<string, number>): string =>
  `/api/stream?${new URLSearchParams({ topics: topics.join(','), after: formatCursors(cursors, topics) })}`;

/** One message of the stream: a topic and its rows, each led by its number. */
export type Batch = { t: string; rows: [number, ...unknown[]][] };

export function parseBatch(text: string): Batch | null {
  const value: unknown = JSON.parse(text);
  if (!value || typeof value !== 'object' || !('t' in value) || !('rows' in value)) return null;
  if (typeof value.t !== 'string' || !Array.isArray(value.rows)) return null;
  return { t: value.t, rows: value.rows.filter((row) => Array.isArray(row) && typeof row[0] === 'number') };
}

/** Rows after the cursor only: a row that came twice is dropped. */
export const newRows = (batch: Batch, cursor: number): Batch['rows'] => batch.rows.filter((row) => row[0] > cursor);

/** Wait before the n-th new try (1, 2, …), in ms: 0.3 s doubling to 10 s, spread so that tabs do not come back at once. */
export const reopenDelayMs = (tries: number, random: number): number =>
  Math.round(Math.min(10_000, 300 * 2 ** Math.max(0, tries - 1)) * (0.75 + random / 2));
