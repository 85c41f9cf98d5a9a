/** The environment is wrong: the message is a sentence for the person who wrote it, and never holds a DSN. */
export class ConfigError extends Error {}

/** A refusal with its HTTP status; everything else that is thrown becomes a 500. */
export class HttpError extends Error {
  constructor(status, detail, headers = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

/** A refusal whose answer also carries a code. */
export class ApiError extends HttpError {
  constructor(status, code, message, headers = {}) {
    super(status, message, headers);
    this.code = code;
  }
}

export const AGAIN = { 'Retry-After': '1' };

/** A fence: RAISE(ABORT) in SQLite, RAISE EXCEPTION in PostgreSQL. */
export const isFence = (thrown) => thrown?.code === 'SQLITE_CONSTRAINT_TRIGGER' || thrown?.code === 'P0001';

/** Database failures that are not bugs: a fence and a lock. */
export function toHttpError(thrown) {
  if (thrown instanceof HttpError) return thrown;
  if (isFence(thrown)) return new HttpError(503, 'writes are fenced', AGAIN);
  if (thrown?.code === 'SQLITE_BUSY') return new HttpError(503, 'database is locked', AGAIN);
  return new HttpError(500, 'internal error');
}
