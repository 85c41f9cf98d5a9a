import { HttpError } from '../parts/errors.mjs';
import { presentMeta, readMetaChange } from './meta-fields.mjs';

const NOTE_TEMPLATE = 'v2';

async function requireItem(session, id) {
  const found = await session.one('SELECT 1 AS present FROM videos WHERE source_id = ? AND id = ?', [
    session.sourceId,
    id,
  ]);
  if (!found) throw new HttpError(404, 'Item not found');
}

export async function readMeta(session, id) {
  await requireItem(session, id);
  const row = await session.one(
    'SELECT *, updated_at AS meta_updated_at FROM user_meta WHERE source_id = ? AND video_id = ?',
    [session.sourceId, id],
  );
  return { meta: presentMeta(id, row) };
}

export async function writeMeta(session, id, body) {
  const change = readMetaChange(body);
  await requireItem(session, id);
  const names = [...change.map(([name]) => name), 'updated_at'];
  const values = [...change.map(([, value]) => value), new Date().toISOString()];
  await session.run(
    `INSERT INTO user_meta (source_id, video_id, ${names.join(', ')}) VALUES (?, ?, ${names.map(() => '?').join(', ')})
     ON CONFLICT (source_id, video_id) DO UPDATE SET ${names.map((n) => `${n} = excluded.${n}`).join(', ')}`,
    [session.sourceId, id, ...values],
  );
  return readMeta(session, id);
}

const presentNote = (id, row) => ({
  video_id: id,
  exists: row !== null,
  markdown: row?.markdown ?? null,
  template_version: row?.template_version ?? null,
  created_at: row?.created_at ?? null,
  updated_at: row?.updated_at ?? null,
});

export async function readNote(session, id) {
  await requireItem(session, id);
  const row = await session.one('SELECT * FROM video_notes WHERE source_id = ? AND video_id = ?', [
    session.sourceId,
    id,
  ]);
  return presentNote(id, row);
}

export async function writeNote(session, id, body) {
  if (typeof body.markdown !== 'string') throw new HttpError(422, 'markdown must be text');
  const template = body.template_version ?? NOTE_TEMPLATE;
  if (typeof template !== 'string') throw new HttpError(422, 'template_version must be text');
  await requireItem(session, id);
  const now = new Date().toISOString();
  await session.run(
    `INSERT INTO video_notes (source_id, video_id, markdown, template_version, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (source_id, video_id) DO UPDATE SET markdown = excluded.markdown, template_version = excluded.template_version,
       updated_at = excluded.updated_at`,
    [session.sourceId, id, body.markdown, template, now, now],
  );
  return { ok: true, ...(await readNote(session, id)) };
}

export async function createSource(session, body) {
  if (typeof body.id !== 'string' || body.id === '' || body.id.length > 200)
    throw new HttpError(422, 'id must be 1 to 200 characters');
  const known = await session.one('SELECT 1 AS present FROM sources WHERE id = ?', [body.id]);
  if (known) throw new HttpError(409, `Source "${body.id}" exists already`);
  const now = new Date().toISOString();
  await session.run(
    'INSERT INTO sources (id, label, kind, description, enabled, is_default, created_at, updated_at) VALUES (?, ?, ?, ?, 1, 0, ?, ?)',
    [
      body.id,
      String(body.label ?? body.id),
      String(body.kind ?? 'manual'),
      body.description == null ? null : String(body.description),
      now,
      now,
    ],
  );
  return { ok: true, source: await session.one('SELECT * FROM sources WHERE id = ?', [body.id]) };
}

/** Takes a source away that has no videos; the default one stays. */
export async function deleteSource(session, id) {
  const source = await session.one('SELECT is_default FROM sources WHERE id = ?', [id]);
  if (!source) throw new HttpError(404, `Source "${id}" is unknown`);
  if (source.is_default) throw new HttpError(409, `Source "${id}" is the default`);
  if (await session.one('SELECT 1 AS present FROM videos WHERE source_id = ? LIMIT 1', [id]))
    throw new HttpError(409, `Source "${id}" has videos`);
  await session.run('DELETE FROM sources WHERE id = ?', [id]);
  return { ok: true, deleted: id };
}
