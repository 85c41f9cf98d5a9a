/** Seeded SQLite files of sx_db: `node generate.mjs --output FILE --source ID --videos N [--seed TEXT] [--dirty]`. */
import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { SOURCE_TABLES } from './ddl.mjs';
import { insertDirt } from './dirty-rows.mjs';
import { insertSource, prepareInserts } from './generate-rows.mjs';
import { seededRandom } from '../parts/random.mjs';
import { FTS, INDEX_STATEMENTS, TABLES } from './sqlite-schema.mjs';

const removeFile = (path) => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
};

/**
 * Makes one WAL file; it appears under its name only when it is whole, so an interrupted run leaves nothing.
 * @param {{path: string, seed: string, sources: {id: string, label: string, videos: number, dirty?: boolean}[]}} spec
 */
export function generateFile({ path, seed, sources }) {
  if (existsSync(path)) throw new Error(`${path} exists already; it is not overwritten.`);
  const partial = `${path}.partial`;
  removeFile(partial);
  const db = new Database(partial);
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = OFF');
    db.pragma('foreign_keys = OFF');
    for (const sql of [...TABLES, FTS]) db.exec(sql);
    const insert = prepareInserts(db);
    db.transaction(() => {
      for (const [i, source] of sources.entries()) {
        insertSource(db, insert, seededRandom(`${seed}/${source.id}`), { ...source, isDefault: i === 0 });
        if (source.dirty) insertDirt(db, source.id);
      }
    })();
    for (const sql of INDEX_STATEMENTS) db.exec(sql);
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
  renameSync(partial, path);
}

/** SHA-256 over every row of every table in key order, with storage classes and bytes: equal data, equal digest. */
export function digestFile(path) {
  const db = new Database(path, { readonly: true });
  const hash = createHash('sha256');
  try {
    const tables = {
      sources: { columns: db.pragma('table_info(sources)').map((c) => [c.name]), key: ['id'] },
      ...SOURCE_TABLES,
    };
    for (const [name, { columns, key }] of Object.entries(tables)) {
      const cells = columns.map(([c]) => `typeof(${c}), CAST(${c} AS BLOB)`).join(', ');
      hash.update(`table ${name}\n`);
      for (const row of db
        .prepare(`SELECT ${cells} FROM ${name} ORDER BY ${key.join(', ')}`)
        .raw()
        .iterate()) {
        for (const cell of row) hash.update(cell === null ? '-' : cell).update('\x1f');
      }
    }
  } finally {
    db.close();
  }
  return hash.digest('hex');
}

function main() {
  const { values } = parseArgs({
    options: {
      output: { type: 'string' },
      source: { type: 'string' },
      videos: { type: 'string', default: '1200' },
      seed: { type: 'string', default: 'sx' },
      dirty: { type: 'boolean', default: false },
    },
  });
  const videos = Number(values.videos);
  if (!values.output || !values.source || !Number.isInteger(videos) || videos < 1) {
    process.stderr.write('usage: generate.mjs --output FILE --source ID --videos N [--seed TEXT] [--dirty]\n');
    process.exit(2);
  }
  generateFile({
    path: values.output,
    seed: values.seed,
    sources: [{ id: values.source, label: values.source, videos, dirty: values.dirty }],
  });
  process.stdout.write(`${values.output}: ${videos} videos, digest ${digestFile(values.output)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
