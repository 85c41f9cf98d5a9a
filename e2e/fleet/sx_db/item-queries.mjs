import { HttpError } from '../parts/errors.mjs';

/** Dialect-free text on purpose, as in the real service: LIKE and the place of NULLs differ between the two backends. */
const ORDERS = {
  recent: 'v.updated_at DESC, v.id',
  bookmarked: 'v.bookmarked DESC, v.bookmark_timestamp DESC, v.id',
  author: 'v.author_unique_id, v.id',
  status: 'm.status, v.id',
  rating: 'm.rating DESC, v.id',
};

const JOIN = 'LEFT JOIN user_meta m ON m.source_id = v.source_id AND m.video_id = v.id';
const META_COLUMNS = `m.rating, m.status, m.statuses, m.tags, m.notes, m.product_link, m.author_links, m.platform_targets,
  m.workflow_log, m.post_url, m.published_time, m.updated_at AS meta_updated_at`;

/** Whole number of a query parameter within bounds. @throws HttpError 422 */
export function readCount(query, name, fallback, min, max) {
  const given = query.get(name);
  if (given === null || given === '') return fallback;
  const n = Number(given);
  if (!Number.isInteger(n) || n < min || n > max)
    throw new HttpError(422, `${name} must be a whole number from ${min} to ${max}`);
  return n;
}

const isOn = (value) => ['1', 'true', 'yes'].includes((value ?? '').toLowerCase());

/** Conditions and parameters for a list request. */
export function buildFilter(sourceId, query) {
  const where = ['v.source_id = ?'];
  const params = [sourceId];
  const add = (sql, ...values) => {
    where.push(sql);
    params.push(...values);
  };
  const q = query.get('q');
  if (q) add('(v.caption LIKE ? OR v.author_unique_id LIKE ? OR v.author_name LIKE ?)', `%${q}%`, `%${q}%`, `%${q}%`);
  if (query.get('caption_q')) add('v.caption LIKE ?', `%${query.get('caption_q')}%`);
  if (isOn(query.get('bookmarked_only'))) add('v.bookmarked = 1');
  if (query.get('author_unique_id')) add('v.author_unique_id = ?', query.get('author_unique_id'));
  if (query.get('status'))
    add('(m.status = ? OR m.statuses LIKE ?)', query.get('status'), `%|${query.get('status')}|%`);
  if (query.get('rating_min')) add('m.rating >= ?', readCount(query, 'rating_min', 0, 0, 5));
  if (query.get('rating_max')) add('m.rating <= ?', readCount(query, 'rating_max', 5, 0, 5));
  if (query.get('tag')) add("(',' || m.tags || ',') LIKE ?", `%,${query.get('tag')},%`);
  if (isOn(query.get('has_notes'))) {
    add(
      "(m.notes <> '' OR EXISTS (SELECT 1 FROM video_notes n WHERE n.source_id = v.source_id AND n.video_id = v.id))",
    );
  }
  return { where: where.join(' AND '), params };
}

export async function listItems(session, query) {
  const limit = readCount(query, 'limit', 50, 1, 2000);
  const offset = readCount(query, 'offset', 0, 0, 2_000_000_000);
  const order = ORDERS[query.get('order') ?? 'recent'];
  if (!order) throw new HttpError(422, `order must be one of ${Object.keys(ORDERS).join(', ')}`);
  const { where, params } = buildFilter(session.sourceId, query);
  const join = where.includes('m.') ? JOIN : '';
  const total = await session.one(`SELECT CAST(COUNT(*) AS INTEGER) AS n FROM videos v ${join} WHERE ${where}`, params);
  const rows = await session.all(
    `SELECT v.*, ${META_COLUMNS} FROM videos v ${JOIN} WHERE ${where} ORDER BY ${order} LIMIT ? OFFSET ?`,
    [...params, limit, offset],
  );
  return { rows, limit, offset, total: total.n };
}

export const findItem = (session, id) =>
  session.one(`SELECT v.*, ${META_COLUMNS} FROM videos v ${JOIN} WHERE v.source_id = ? AND v.id = ?`, [
    session.sourceId,
    id,
  ]);

/** Full text first; being contentless it never names an id, so the LIKE search answers (kept from the real service). */
export async function searchItems(session, query, ftsEnabled) {
  const q = query.get('q') ?? '';
  if (!q) throw new HttpError(422, 'q must not be empty');
  const limit = readCount(query, 'limit', 50, 1, 500);
  if (ftsEnabled && session.dialect === 'sqlite' && session.fts().has_fts_table) {
    const phrase = `"${q.replaceAll('"', '""')}"`;
    const hits = await session.all(
      `SELECT v.id, v.author_unique_id, v.author_name, v.caption, v.bookmarked FROM videos_fts f
       JOIN videos v ON v.source_id = f.source_id AND v.id = f.id WHERE videos_fts MATCH ? AND f.source_id = ? LIMIT ?`,
      [phrase, session.sourceId, limit],
    );
    if (hits.length > 0) return hits;
  }
  const like = `%${q}%`;
  return session.all(
    `SELECT id, author_unique_id, author_name, caption, bookmarked FROM videos
     WHERE source_id = ? AND (caption LIKE ? OR author_unique_id LIKE ? OR author_name LIKE ?) ORDER BY updated_at DESC, id LIMIT ?`,
    [session.sourceId, like, like, like, limit],
  );
}

export async function readStats(session, ftsEnabled) {
  const counts = await session.one(
    `SELECT CAST(COUNT(*) AS INTEGER) AS items, CAST(SUM(CASE WHEN bookmarked = 1 THEN 1 ELSE 0 END) AS INTEGER) AS bookmarked,
      CAST(COUNT(DISTINCT author_unique_id) AS INTEGER) AS authors, MAX(updated_at) AS last FROM videos WHERE source_id = ?`,
    [session.sourceId],
  );
  const { has_fts_table } = session.fts();
  const fts = has_fts_table
    ? await session.one('SELECT COUNT(*) AS n FROM videos_fts WHERE source_id = ?', [session.sourceId])
    : null;
  return {
    fts_enabled: ftsEnabled,
    has_fts_table,
    counts: {
      items: counts.items,
      bookmarked: counts.bookmarked ?? 0,
      authors: counts.authors,
      fts_rows: fts?.n ?? null,
    },
    last_updated_at: counts.last,
  };
}
