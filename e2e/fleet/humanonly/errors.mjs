import { AGAIN, ApiError, isFence } from '../parts/errors.mjs';

/** Database failures that are not bugs, and the hold of the maintenance module. */
export function toApiError(thrown) {
  if (thrown instanceof ApiError) return thrown;
  if (isFence(thrown)) return new ApiError(503, 'WRITES_FENCED', 'writes are fenced', AGAIN);
  if (thrown?.code === 'SQLITE_BUSY') return new ApiError(503, 'STORE_LOCKED', 'database is locked', AGAIN);
  if (thrown?.status === 503) return new ApiError(503, 'MAINTENANCE', thrown.message, thrown.headers);
  return new ApiError(500, 'INTERNAL_ERROR', 'internal error');
}
