import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

export const EXPORT_TYPE = 'sx_userdata_export';

function* exportLines(db, sourceId, count) {
  const line = (value) => `${JSON.stringify(value)}\n`;
  yield line({ type: EXPORT_TYPE, version: 2, source_id: sourceId, exported_at: new Date().toISOString() });
  for (const [table, type] of [
    ['user_meta', 'user_meta'],
    ['video_notes', 'video_note'],
  ]) {
    for (const row of db.prepare(`SELECT * FROM ${table} WHERE source_id = ? ORDER BY video_id`).iterate(sourceId)) {
      count[type] += 1;
      yield line({ type, ...row });
    }
  }
}

/**
 * Ratings, statuses and notes as JSON lines, from SQLite only, in one read transaction; gzip when the name ends in .gz.
 * The file appears under its name only when it is whole.
 */
export async function exportUserdata({ db, sourceId, output }) {
  const count = { user_meta: 0, video_note: 0 };
  const partial = `${output}.partial`;
  db.exec('BEGIN');
  try {
    const stages = [
      Readable.from(exportLines(db, sourceId, count)),
      ...(output.endsWith('.gz') ? [createGzip()] : []),
      createWriteStream(partial, { mode: 0o600, flush: true }),
    ];
    await pipeline(stages);
    await rename(partial, output);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  } finally {
    db.exec('COMMIT');
  }
  return count;
}
