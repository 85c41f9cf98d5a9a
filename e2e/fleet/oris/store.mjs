import Database from 'better-sqlite3';
import pg from 'pg';
import { inTransaction } from '../parts/postgres.mjs';
import { inTurns } from '../parts/sqlite-turns.mjs';
import {
  POSTGRES_MIGRATIONS,
  POSTGRES_VERSION,
  postgresStatements,
  quoteIdent,
  SQLITE_MIGRATIONS,
  SQLITE_STATEMENTS,
  SQLITE_VERSION,
} from './ddl.mjs';

const LOCK_WAIT_MS = 800;
const INT8 = 20;
const types = { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) };

export class StartError extends Error {}

/** `?` marks become $1, $2 …; no query of the service holds a literal question mark. */
const numbered = (sql) => {
  let n = 0;
  return sql.replace(/\?/g, () => `$${++n}`);
};

const tooNew = (found, supported) =>
  new StartError(
    `The schema is at version ${found}, and this binary supports ${supported} at most: restore a backup or start a newer binary.`,
  );

/** The SQLite file; unknown migrations are applied at the start, forward only. */
export function openSqliteStore(config) {
  const db = new Database(config.dbPath, { timeout: LOCK_WAIT_MS });
  db.pragma('journal_mode = WAL');
  for (const sql of SQLITE_STATEMENTS) db.exec(sql);
  const at = db.prepare('SELECT COALESCE(MAX(version), 0) FROM runtime_schema_migrations').pluck().get();
  if (at > SQLITE_VERSION) throw tooNew(at, SQLITE_VERSION);
  const note = db.prepare('INSERT INTO runtime_schema_migrations VALUES (?, ?, ?)');
  for (let version = at + 1; version <= SQLITE_VERSION; version += 1)
    note.run(version, SQLITE_MIGRATIONS[version - 1], Date.now());
  const session = {
    dialect: 'sqlite',
    all: async (sql, params = []) => db.prepare(sql).all(...params),
    run: async (sql, params = []) => db.prepare(sql).run(...params).changes,
  };
  return {
    name: 'sqlite',
    schemaVersion: SQLITE_VERSION,
    read: (work) => work(session),
    write: inTurns(db, session),
    close: async () => void db.close(),
  };
}

const connectionOf = (config) => ({
  connectionString: config.dsn,
  options: `-c search_path=${quoteIdent(config.schema)}`,
  types,
  connectionTimeoutMillis: 3_000,
  statement_timeout: 15_000,
  application_name: 'oris',
});

async function migratePostgres(pool, config) {
  const found = await pool.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [config.schema]);
  if (found.rows.length === 0 && config.requireSchema)
    throw new StartError(`The schema "${config.schema}" does not exist; ORIS_POSTGRES_REQUIRE_SCHEMA=true needs it.`);
  for (const sql of postgresStatements(config.schema))
    if (found.rows.length === 0 || !sql.startsWith('CREATE SCHEMA')) await pool.query(sql);
  const { rows } = await pool.query('SELECT COALESCE(MAX(version), 0) AS version FROM runtime_schema_migrations');
  if (rows[0].version > POSTGRES_VERSION) throw tooNew(rows[0].version, POSTGRES_VERSION);
  for (let version = rows[0].version + 1; version <= POSTGRES_VERSION; version += 1)
    await pool.query('INSERT INTO runtime_schema_migrations VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      version,
      POSTGRES_MIGRATIONS[version - 1],
      Date.now(),
    ]);
}

/** One schema of PostgreSQL. A start against a schema that is missing or too new fails. */
export async function openPostgresStore(config) {
  const pool = new pg.Pool({ ...connectionOf(config), max: 8, idleTimeoutMillis: 10_000 });
  pool.on('error', () => {});
  try {
    await migratePostgres(pool, config);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const sessionOf = (client) => ({
    dialect: 'postgres',
    all: async (sql, params = []) => (await client.query(numbered(sql), params)).rows,
    run: async (sql, params = []) => (await client.query(numbered(sql), params)).rowCount,
  });
  return {
    name: 'postgres',
    schemaVersion: POSTGRES_VERSION,
    read: (work) => work(sessionOf(pool)),
    write: (work) => inTransaction(pool, (client) => work(sessionOf(client))),
    close: () => pool.end(),
  };
}
