import { AGAIN, ApiError, isFence } from '../parts/errors.mjs';

/** Database failures that are not bugs (a fence, a lock), and the maintenance hold. */
export function toApiError(thrown) {
  if (thrown instanceof ApiError) return thrown;
  if (isFence(thrown)) return new ApiError(503, 'writes_fenced', 'writes are fenced', AGAIN);
  if (thrown?.code === 'SQLITE_BUSY') return new ApiError(503, 'database_locked', 'database is locked', AGAIN);
  if (thrown?.status === 503) return new ApiError(503, 'maintenance', thrown.message, thrown.headers);
  return new ApiError(500, 'internal_error', 'internal error');
}
