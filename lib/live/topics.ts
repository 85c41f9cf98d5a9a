/** What a tab can listen to. Versions carry no content: the tab reads its view again. */
export type Topic = { kind: 'cutover' | 'log' | 'progress'; id: string } | { kind: 'fleet' | 'inbox' };
/** A number that only rises within its topic, then the content. */
export type TopicRow = [number, ...unknown[]];

/** One stream holds at most this many topics. */
const maxTopics = 8;

export function parseTopic(text: string): Topic | null {
  if (text === 'fleet' || text === 'inbox') return { kind: text };
  const match = /^(cutover|log|progress):([A-Za-z0-9_-]{1,64})$/.exec(text);
  return match?.[1] && match[2] ? { kind: match[1] as 'cutover', id: match[2] } : null;
}

/** `topics=cutover:a,log:7&after=cutover:a.5,log:7.120` → cursor by topic text; null when anything of it is no topic of ours. */
export function parseStreamQuery(query: URLSearchParams): Map<string, number> | null {
  const wanted = [...new Set((query.get('topics') ?? '').split(',').filter(Boolean))];
  if (wanted.length === 0 || wanted.length > maxTopics || !wanted.every(parseTopic)) return null;
  const cursors = new Map(wanted.map((topic) => [topic, 0]));
  for (const part of (query.get('after') ?? '').split(',').filter(Boolean)) {
    const at = part.lastIndexOf('.');
    const cursor = Number(part.slice(at + 1));
    if (at < 1 || !Number.isSafeInteger(cursor) || cursor < 0) return null;
    if (cursors.has(part.slice(0, at))) cursors.set(part.slice(0, at), cursor);
  }
  return cursors;
}
