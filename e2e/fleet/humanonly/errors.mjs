/** A refusal with its HTTP status and the code of the answer; everything else that is thrown becomes a 500. */
export class ApiError extends Error {
  constructor(status, code, message, headers = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

const again = { 'Retry-After': '1' };

/** A fence: RAISE(ABORT) in SQLite, RAISE EXCEPTION in PostgreSQL. */
export const isFence = (thrown) => thrown?.code === 'SQLITE_CONSTRAINT_TRIGGER' || thrown?.code === 'P0001';

/** Database failures that are not bugs, and the hold of the maintenance module. */
export function toApiError(thrown) {
  if (thrown instanceof ApiError) return thrown;
  if (isFence(thrown)) return new ApiError(503, 'WRITES_FENCED', 'writes are fenced', again);
  if (thrown?.code === 'SQLITE_BUSY') return new ApiError(503, 'STORE_LOCKED', 'database is locked', again);
  if (thrown?.status === 503) return new ApiError(503, 'MAINTENANCE', thrown.message, thrown.headers);
  return new ApiError(500, 'INTERNAL_ERROR', 'internal error');
}
