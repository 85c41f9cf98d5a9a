/** A refusal with its HTTP status; everything else that is thrown becomes a 500. */
export class HttpError extends Error {
  constructor(status, detail, headers = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

const fenced = () => new HttpError(503, 'writes are fenced', { 'Retry-After': '1' });

/** Database failures that are not bugs: a fence (RAISE(ABORT) in SQLite, RAISE EXCEPTION in PostgreSQL) and a lock. */
export function toHttpError(thrown) {
  if (thrown instanceof HttpError) return thrown;
  if (thrown?.code === 'SQLITE_CONSTRAINT_TRIGGER' || thrown?.code === 'P0001') return fenced();
  if (thrown?.code === 'SQLITE_BUSY') return new HttpError(503, 'database is locked', { 'Retry-After': '1' });
  return new HttpError(500, 'internal error');
}
