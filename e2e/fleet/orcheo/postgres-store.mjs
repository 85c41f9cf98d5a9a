import pg from 'pg';
import { postgresStatements } from './ddl.mjs';
import { inTransaction } from '../parts/postgres.mjs';

const TIMESTAMPTZ = 1184;
const INT8 = 20;

/** PostgreSQL's text of a time as ISO 8601 with all its microseconds; the session runs in UTC. */
const isoTime = (text) => text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
const types = {
  getTypeParser(oid, format) {
    if (oid === TIMESTAMPTZ) return isoTime;
    return oid === INT8 ? Number : pg.types.getTypeParser(oid, format);
  },
};

/** `?` marks become $1, $2 …; no query of the service holds a literal question mark. */
const numbered = (sql) => {
  let n = 0;
  return sql.replace(/\?/g, () => `$${++n}`);
};

const sessionOf = (client) => ({
  dialect: 'postgres',
  all: async (sql, params = []) => (await client.query(numbered(sql), params)).rows,
  one: async (sql, params = []) => (await client.query(numbered(sql), params)).rows[0] ?? null,
  run: async (sql, params = []) => (await client.query(numbered(sql), params)).rowCount,
});

export function openPool(config) {
  const pool = new pg.Pool({
    connectionString: config.dsn,
    types,
    min: config.pool.min,
    max: config.pool.max,
    idleTimeoutMillis: config.pool.maxIdleSeconds * 1000,
    connectionTimeoutMillis: Math.min(config.pool.timeoutSeconds * 1000, 3_000),
    options: '-c timezone=UTC',
    application_name: `orcheo:${config.port}`,
  });
  // An idle connection dies with the server; the next request makes a new one.
  pool.on('error', () => {});
  return pool;
}

/** Makes the tables of one surface that are missing, with nobody else doing it at the same time. */
export async function ensureSurface(pool, surface) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query("SELECT pg_advisory_xact_lock(hashtext('orcheo schema'))");
    for (const sql of postgresStatements(surface)) await client.query(sql);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

/** One surface in PostgreSQL. Never opens a SQLite file. */
export function openPostgresStore(pool) {
  return {
    ...sessionOf(pool),
    transaction: (work) => inTransaction(pool, (client) => work(sessionOf(client))),
    describe: () => ({ backend: 'postgres', sqlite_path: null }),
    close: async () => {},
  };
}
