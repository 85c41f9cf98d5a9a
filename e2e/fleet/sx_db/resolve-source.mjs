import { HttpError } from '../parts/errors.mjs';

/**
 * Which source a request is for: header or query, and equal when both are given.
 * @throws HttpError 400 as the middleware of the real service.
 */
export function resolveSource(config, headers, query) {
  const header = headers['x-sx-source-id']?.trim() || null;
  const inQuery = query.get('source_id')?.trim() || null;
  if (header && inQuery && header !== inQuery)
    throw new HttpError(400, 'X-SX-Source-ID and source_id name different sources');
  const sourceId = header ?? inQuery ?? (config.requireExplicitSource ? null : config.defaultSourceId);
  if (!sourceId) throw new HttpError(400, 'X-SX-Source-ID header or source_id query parameter is required');
  if (sourceId.length > 200) throw new HttpError(400, 'source_id is longer than 200 characters');
  const index = headers['x-sx-profile-index'];
  if (index !== undefined && config.enforceProfileMatch && index !== (/(\d+)$/.exec(sourceId)?.[1] ?? null)) {
    throw new HttpError(400, `X-SX-Profile-Index ${index} does not match source_id "${sourceId}"`);
  }
  return sourceId;
}
