/** A refusal with its HTTP status and code; everything else that is thrown becomes a 500. */
export class ApiError extends Error {
  constructor(status, code, message, headers = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

const again = { 'Retry-After': '1' };

/** Database failures that are not bugs: a fence (RAISE(ABORT), RAISE EXCEPTION), a lock; and the maintenance hold. */
export function toApiError(thrown) {
  if (thrown instanceof ApiError) return thrown;
  if (thrown?.code === 'SQLITE_CONSTRAINT_TRIGGER' || thrown?.code === 'P0001')
    return new ApiError(503, 'writes_fenced', 'writes are fenced', again);
  if (thrown?.code === 'SQLITE_BUSY') return new ApiError(503, 'database_locked', 'database is locked', again);
  if (thrown?.status === 503) return new ApiError(503, 'maintenance', thrown.message, thrown.headers);
  return new ApiError(500, 'internal_error', 'internal error');
}
