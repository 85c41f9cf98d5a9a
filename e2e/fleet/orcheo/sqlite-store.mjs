import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { inTurns } from '../parts/sqlite-turns.mjs';
import { sqliteStatements, VAULT_STATEMENTS } from './ddl.mjs';

/** Below a second, so that a lock held elsewhere never outlasts a drain. */
const LOCK_WAIT_MS = 800;

const hasTables = (db) => db.prepare("SELECT count(*) FROM sqlite_master WHERE type = 'table'").pluck().get() > 0;
const bind = (value) => (typeof value === 'boolean' ? Number(value) : value);

/** One SQLite file with its tables made if it is new; a file that has tables (it may be fenced) is not written. */
export function openSqliteStore(path, file) {
  mkdirSync(dirname(path), { recursive: true });
  const db = new Database(path, { timeout: LOCK_WAIT_MS });
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.pragma('foreign_keys = ON');
  if (!hasTables(db)) for (const sql of file === 'vault' ? VAULT_STATEMENTS : sqliteStatements(file)) db.exec(sql);
  const statements = new Map();
  const prepare = (sql) => {
    if (!statements.has(sql)) statements.set(sql, db.prepare(sql));
    return statements.get(sql);
  };
  const session = {
    dialect: 'sqlite',
    all: async (sql, params = []) => prepare(sql).all(...params.map(bind)),
    one: async (sql, params = []) => prepare(sql).get(...params.map(bind)) ?? null,
    run: async (sql, params = []) => prepare(sql).run(...params.map(bind)).changes,
  };
  return {
    ...session,
    transaction: inTurns(db, session),
    describe: () => ({ backend: 'sqlite', sqlite_path: path }),
    close: async () => db.close(),
  };
}
