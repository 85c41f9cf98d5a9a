/** Values as answers show them, the same from either side. */

/** JSON columns are text in SQLite and parsed already in PostgreSQL; a bad text is the caller's failure, as in the service. */
export const readJson = (value) => (typeof value === 'string' ? JSON.parse(value) : value);

export const readBool = (value) => value === true || value === 1;

/** A time as the service prints it: six digits of a second, or none, and an offset. PostgreSQL drops closing zeros. */
export function readTime(text) {
  if (text === null || text === undefined) return null;
  const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)?$/.exec(text);
  if (!found) throw new Error(`a stored time is not ISO 8601: ${text}`);
  const fraction = (found[2] ?? '').padEnd(6, '0');
  return `${found[1]}${Number(fraction) ? `.${fraction}` : ''}${!found[3] || found[3] === 'Z' ? '+00:00' : found[3]}`;
}

/** Now, as Python's isoformat writes it. */
export const nowTime = () => new Date().toISOString().replace('Z', '000+00:00');
