import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { SQLITE_STATEMENTS, TABLE_NAMES, toCells, upsertSql } from './ddl.mjs';
import { readAll } from './store.mjs';

/** Below a second, so that a lock held elsewhere never outlasts a drain. */
const LOCK_WAIT_MS = 800;

const hasTables = (db) =>
  db
    .prepare(
      "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('users','posts','reports','appeals')",
    )
    .pluck()
    .get() === TABLE_NAMES.length;

/** The SQLite file of one process: loaded whole before the first request, then written row by row. */
export async function openSqliteBackend(config) {
  mkdirSync(dirname(config.dbFile), { recursive: true });
  const db = new Database(config.dbFile, { timeout: LOCK_WAIT_MS });
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  if (!hasTables(db)) for (const sql of SQLITE_STATEMENTS) db.exec(sql);
  const upserts = Object.fromEntries(
    TABLE_NAMES.map((table) => [table, db.prepare(upsertSql(table, 'sqlite', () => '?'))]),
  );
  return {
    name: 'sqlite',
    hydratesLate: false,
    load: () => readAll('sqlite', (table) => db.prepare(`SELECT * FROM ${table} ORDER BY rowid`).all()),
    async flush(changes) {
      db.transaction(() => {
        for (const { table, row } of changes) upserts[table].run(...toCells(table, row));
      }).immediate();
    },
    // The real service never closes its file, so after a stop the rows may still lie in `-wal` alone: who copies only
    // the main file copies an empty database.
    async close() {},
  };
}
