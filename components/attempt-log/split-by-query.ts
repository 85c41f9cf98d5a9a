/** A text cut at every place that holds the query, whatever its case. An empty query cuts nothing. */
export function splitByQuery(text: string, query: string): { at: number; text: string; hit: boolean }[] {
  if (!query) return [{ at: 0, text, hit: false }];
  const parts: { at: number; text: string; hit: boolean }[] = [];
  const [low, wanted] = [text.toLowerCase(), query.toLowerCase()];
  // Lower case can change a text's length (İ); then places would not fit, and nothing is marked.
  if (low.length !== text.length) return [{ at: 0, text, hit: false }];
  let at = 0;
  for (let found = low.indexOf(wanted); found >= 0; found = low.indexOf(wanted, at)) {
    if (found > at) parts.push({ at, text: text.slice(at, found), hit: false });
    parts.push({ at: found, text: text.slice(found, found + wanted.length), hit: true });
    at = found + wanted.length;
  }
  if (at < text.length) parts.push({ at, text: text.slice(at), hit: false });
  return parts;
}
