import { HttpError } from '../parts/errors.mjs';

/** How user meta is packed in its TEXT columns, and what a request may say. */
const unpackBars = (text) => (text ?? '').split('|').filter(Boolean);
const packBars = (list) => (list.length === 0 ? null : `|${list.join('|')}|`);
const unpackCsv = (text) =>
  (text ?? '')
    .split(',')
    .map((t) => t.trim())
    .filter(Boolean);
const unpackLines = (text) => (text ?? '').split('\n').filter(Boolean);

export function presentMeta(videoId, row) {
  return {
    video_id: videoId,
    rating: row?.rating ?? null,
    status: row?.status ?? null,
    statuses: unpackBars(row?.statuses),
    tags: unpackCsv(row?.tags),
    notes: row?.notes ?? null,
    product_link: row?.product_link ?? null,
    author_links: unpackLines(row?.author_links),
    platform_targets: unpackBars(row?.platform_targets),
    workflow_log: row?.workflow_log ?? null,
    post_url: row?.post_url ?? null,
    published_time: row?.published_time ?? null,
    updated_at: row?.meta_updated_at ?? null,
  };
}

const text = (value, name) => {
  if (value === null || typeof value === 'string') return value;
  throw new HttpError(422, `${name} must be text or null`);
};
const list = (value, name) => {
  if (value === null) return [];
  if (Array.isArray(value) && value.every((v) => typeof v === 'string')) return value;
  throw new HttpError(422, `${name} must be a list of texts`);
};
const rating = (value) => {
  if (value === null || (Number.isInteger(value) && value >= 0 && value <= 5)) return value;
  throw new HttpError(422, 'rating must be a whole number from 0 to 5, or null');
};

const WRITERS = {
  rating,
  status: text,
  notes: text,
  product_link: text,
  workflow_log: text,
  post_url: text,
  published_time: text,
  statuses: (v, n) => packBars(list(v, n)),
  platform_targets: (v, n) => packBars(list(v, n)),
  tags: (v, n) => (typeof v === 'string' ? v : list(v, n).join(',') || null),
  author_links: (v, n) => list(v, n).join('\n') || null,
};

/** Columns and values that a meta request sets; what it does not name stays as it is. */
export function readMetaChange(body) {
  const change = Object.entries(WRITERS)
    .filter(([name]) => name in body)
    .map(([name, write]) => [name, write(body[name], name)]);
  if (change.length === 0) throw new HttpError(422, `name at least one of ${Object.keys(WRITERS).join(', ')}`);
  return change;
}
