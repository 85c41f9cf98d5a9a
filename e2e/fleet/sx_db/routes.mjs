import { HttpError } from '../parts/errors.mjs';
import { findItem, listItems, readCount, readStats, searchItems } from './item-queries.mjs';
import { createSource, deleteSource, readMeta, readNote, writeMeta, writeNote } from './item-writes.mjs';
import { presentMeta } from './meta-fields.mjs';

const API_VERSION = '1.6.2';
const META_NAMES = [
  'rating',
  'status',
  'statuses',
  'tags',
  'notes',
  'product_link',
  'author_links',
  'platform_targets',
  'workflow_log',
  'post_url',
  'published_time',
  'meta_updated_at',
];

function presentItem(row) {
  const item = Object.fromEntries(Object.entries(row).filter(([name]) => !META_NAMES.includes(name)));
  return {
    ...item,
    is_private: row.is_private === 1,
    bookmarked: row.bookmarked === 1,
    meta: presentMeta(row.id, row),
  };
}

const snippet = (text) => (text && text.length > 160 ? `${[...text].slice(0, 160).join('')}…` : text);

async function health({ session, config }) {
  await session.one('SELECT 1 AS up');
  return {
    ok: true,
    source_id: session.sourceId,
    backend: session.describe(),
    profile_index: config.profileIndex,
    db_path: config.dbPath,
    api_version: API_VERSION,
    env_hint: `SX_DB_BACKEND_MODE=${config.mode}`,
  };
}

async function stats({ session, config }) {
  return {
    db_path: config.dbPath,
    source_id: session.sourceId,
    source_mode: config.requireExplicitSource ? 'explicit' : 'default',
    backend: session.describe(),
    ...(await readStats(session, config.ftsEnabled)),
  };
}

async function items({ session, query }) {
  const { rows, ...page } = await listItems(session, query);
  return { items: rows.map(presentItem), ...page };
}

async function item({ session, id }) {
  const row = await findItem(session, id);
  if (!row) throw new HttpError(404, 'Item not found');
  return presentItem(row);
}

async function notes({ session, query }) {
  const limit = readCount(query, 'limit', 50, 1, 2000);
  const offset = readCount(query, 'offset', 0, 0, 2_000_000_000);
  const total = await session.one('SELECT CAST(COUNT(*) AS INTEGER) AS n FROM video_notes WHERE source_id = ?', [
    session.sourceId,
  ]);
  const rows = await session.all(
    'SELECT video_id, markdown, template_version, created_at, updated_at FROM video_notes WHERE source_id = ? ORDER BY updated_at DESC, video_id LIMIT ? OFFSET ?',
    [session.sourceId, limit, offset],
  );
  return { notes: rows, limit, offset, total: total.n };
}

async function search({ session, query, config }) {
  const rows = await searchItems(session, query, config.ftsEnabled);
  return {
    results: rows.map((row) => ({
      id: row.id,
      author_unique_id: row.author_unique_id,
      author_name: row.author_name,
      snippet: snippet(row.caption),
      bookmarked: row.bookmarked === 1,
    })),
  };
}

async function overlap({ session, query }) {
  const [a, b] = [query.get('source_a'), query.get('source_b')];
  if (!a || !b) throw new HttpError(422, 'source_a and source_b are required');
  const ids = [];
  for (const { table, sourceId } of await session.overlapTables(a, b)) {
    ids.push(
      (await session.all(`SELECT id FROM ${table} WHERE source_id = ? ORDER BY id`, [sourceId])).map((r) => r.id),
    );
  }
  const [inA, inB] = ids.map((list) => new Set(list));
  const shared = ids[0].filter((id) => inB.has(id));
  const onlyA = ids[0].filter((id) => !inB.has(id));
  const onlyB = ids[1].filter((id) => !inA.has(id));
  return {
    ok: true,
    source_a: a,
    source_b: b,
    counts: { a: ids[0].length, b: ids[1].length, overlap: shared.length, only_a: onlyA.length, only_b: onlyB.length },
    overlap_ids: shared.slice(0, 200),
    only_a_ids: onlyA.slice(0, 200),
    only_b_ids: onlyB.slice(0, 200),
  };
}

async function bootstrap({ backend, body }) {
  if (typeof body.source_id !== 'string' || body.source_id === '') throw new HttpError(422, 'source_id is required');
  return backend.bootstrap(body.source_id, typeof body.schema === 'string' ? body.schema : undefined);
}

/** Method, template and handler; `write` routes are held in maintenance. */
export const ROUTES = [
  { method: 'GET', path: '/health', handle: health },
  { method: 'GET', path: '/stats', handle: stats },
  { method: 'GET', path: '/items', handle: items },
  { method: 'GET', path: '/items/{id}', handle: item },
  { method: 'GET', path: '/items/{id}/meta', handle: ({ session, id }) => readMeta(session, id) },
  {
    method: 'PUT',
    path: '/items/{id}/meta',
    write: true,
    handle: ({ session, id, body }) => writeMeta(session, id, body),
  },
  { method: 'GET', path: '/items/{id}/note', handle: ({ session, id }) => readNote(session, id) },
  {
    method: 'PUT',
    path: '/items/{id}/note-md',
    write: true,
    handle: ({ session, id, body }) => writeNote(session, id, body),
  },
  { method: 'GET', path: '/notes', handle: notes },
  { method: 'GET', path: '/search', handle: search },
  {
    method: 'GET',
    path: '/sources',
    handle: async ({ session }) => ({ sources: await session.all('SELECT * FROM sources ORDER BY id') }),
  },
  { method: 'POST', path: '/sources', write: true, handle: ({ session, body }) => createSource(session, body) },
  { method: 'DELETE', path: '/sources/{id}', write: true, handle: ({ session, id }) => deleteSource(session, id) },
  { method: 'POST', path: '/admin/bootstrap/schema', write: true, handle: bootstrap },
  { method: 'GET', path: '/admin/audit/source-overlap', handle: overlap },
];
