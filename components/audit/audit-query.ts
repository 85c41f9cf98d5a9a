/** Filters of the list, as they stand in the address. */
export const auditFields = ['profile', 'act', 'role', 'search', 'before'] as const;
type Field = (typeof auditFields)[number];
export type AuditQuery = Partial<Record<Field, string>>;

export function readAuditQuery(get: (name: string) => string | null): AuditQuery {
  const query: AuditQuery = {};
  for (const field of auditFields) {
    const value = get(field)?.trim();
    if (value && (field !== 'before' || /^\d{1,15}$/.test(value))) query[field] = value.slice(0, 200);
  }
  return query;
}

/** A changed filter starts at the newest entry again; an empty value takes the filter away. */
export function withFilter(query: AuditQuery, change: AuditQuery): AuditQuery {
  const next: AuditQuery = { ...query, ...('before' in change ? {} : { before: '' }), ...change };
  return readAuditQuery((name) => next[name as Field] ?? null);
}

export const auditHref = (query: AuditQuery): string => {
  const text = new URLSearchParams(query).toString();
  return text ? `?${text}` : '?';
};

/** "act:press, search:assets": what is filtered by, for the empty list. */
export const filterWords = (query: AuditQuery): string =>
  auditFields
    .filter((field) => field !== 'before' && query[field])
    .map((field) => `${field}:${query[field]}`)
    .join(', ');

/** Entries that tell of something refused, failed or taken back carry the hue of a failure. */
export const tellsOfFailure = (act: string, what: string): boolean =>
  /^(roll-?back|roll-back-outside|returned|override-step|abandon)$/.test(act) ||
  (act === 'attempt-ended' && /\b(failed|interrupted)\b/i.test(what)) ||
  (act === 'sign-off' && /\breject/i.test(what));
