/** Seeded runtimes of Oris: rows for a schema of PostgreSQL, or a SQLite file with the tables that have no target. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import pg from 'pg';
import { seededRandom } from '../parts/random.mjs';
import {
  MOVED_TABLES,
  POSTGRES_MIGRATIONS,
  postgresStatements,
  quoteIdent,
  SQLITE_MIGRATIONS,
  SQLITE_STATEMENTS,
} from './ddl.mjs';

const FIRST_MS = Date.parse('2026-02-01T00:00:00Z');
const FAR_MS = Date.parse('2100-01-01T00:00:00Z');
const SHARES = [
  ['completed', 0.7],
  ['failed', 0.78],
  ['cancelled', 0.8],
  ['retry_backoff', 0.84],
  ['leased', 0.88],
  ['queued', 1],
];

/** Attempts in all six states, and one lease for each leased one. The same seed gives the same rows. */
export function makeRows({ seed, attempts: count }) {
  const random = seededRandom(seed);
  const attempts = Array.from({ length: count }, (_, i) => {
    const share = random.next();
    const status = SHARES.find(([, upTo]) => share < upTo)[0];
    return {
      attempt_id: `att_${String(i).padStart(7, '0')}`,
      run_id: `run_${String(random.int(Math.max(1, Math.round(count / 3)))).padStart(6, '0')}`,
      attempt_no: 1 + random.int(3),
      status,
      retry_at_ms: status === 'retry_backoff' ? FAR_MS + i : null,
    };
  });
  const leases = attempts
    .filter(({ status }) => status === 'leased')
    .map(({ attempt_id }, i) => ({
      lease_id: `lea_${String(i).padStart(6, '0')}`,
      attempt_id,
      worker_id: `worker-${1 + random.int(8)}`,
      // Far in the future: the demo's workers never take them over, so the counts stay comparable.
      lease_expires_at_ms: FAR_MS,
      heartbeat_at_ms: FIRST_MS + i * 1000,
      version: 1 + random.int(9),
    }));
  return { runtime_attempts: attempts, runtime_leases: leases };
}

const migrations = (names) => names.map((name, i) => ({ version: i + 1, name, applied_at_ms: FIRST_MS + i }));

/** Makes a schema with its rows, all or nothing; an existing one is never touched. @returns whether it was made */
export async function fillSchema({ dsn, schema, seed, attempts }) {
  const client = new pg.Client({ connectionString: dsn, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
    if (found.rows.length > 0) return false;
    const rows = { runtime_schema_migrations: migrations(POSTGRES_MIGRATIONS), ...makeRows({ seed, attempts }) };
    await client.query('BEGIN');
    for (const sql of postgresStatements(schema)) await client.query(sql);
    for (const table of Object.keys(MOVED_TABLES)) {
      const place = `${quoteIdent(schema)}.${table}`;
      await client.query(`INSERT INTO ${place} SELECT * FROM json_populate_recordset(NULL::${place}, $1)`, [
        JSON.stringify(rows[table]),
      ]);
    }
    await client.query('COMMIT');
    return true;
  } finally {
    await client.end();
  }
}

function insertAll(db, table, rows) {
  if (rows.length === 0) return;
  const names = Object.keys(rows[0]);
  const insert = db.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`);
  for (const row of rows) insert.run(...Object.values(row));
}

/**
 * Rows that a move must name. `no_target`: a table or column that PostgreSQL does not have. `integer_range`: an
 * attempt number over 32 bits. `orphan`: a lease without its attempt, which nothing forbids on either side.
 */
export const DIRT = [
  { finding: 'no_target', table: 'runtime_jobs', rows: 1 },
  { finding: 'no_target', table: 'runtime_interrupts', rows: 1 },
  { finding: 'no_target', table: 'runtime_step_reports', rows: 1 },
  { finding: 'no_target', table: 'runtime_audit_logs', rows: 1 },
  { finding: 'no_target', table: 'runtime_api_keys', rows: 1 },
  { finding: 'no_target', table: 'runtime_attempt_retry_history', rows: 1 },
  { finding: 'no_target', table: 'runtime_dead_letters', rows: 1 },
  { finding: 'no_target', table: 'runtime_replay_effects', rows: 1 },
  { finding: 'integer_range', table: 'runtime_attempts', rows: 1 },
  { finding: 'orphan', table: 'runtime_leases', rows: 1 },
];

function insertDirt(db) {
  const at = FIRST_MS;
  db.exec(`INSERT INTO runtime_jobs VALUES ('run_000000', 'running', ${at}, ${at});
    INSERT INTO runtime_interrupts VALUES ('int_1', 'run_000000', 'run_000000', 'att_0000000', '{"ask":"go on?"}', 'pending', ${at}, NULL, NULL, NULL);
    INSERT INTO runtime_step_reports VALUES (1, 'worker-1', 'att_0000000', 'act_1', 'ok', 'once', ${at});
    INSERT INTO runtime_audit_logs VALUES (1, 'api_key', 'key_1', 'operator', 'job.run', 'job', 'run_000000', 'ok', 'req_1', NULL, ${at});
    INSERT INTO runtime_api_keys VALUES ('key_1', 'not a real hash', 'active', 'operator', ${at}, ${at});
    INSERT INTO runtime_attempt_retry_history VALUES (1, 'att_0000000', 2, 'exponential', 1000, 5, ${at});
    INSERT INTO runtime_dead_letters VALUES ('att_0000001', 'run_000001', 3, 'failed', 'gave up', ${at}, 'pending', 0, NULL);
    INSERT INTO runtime_replay_effects VALUES ('fp_1', 'run_000000', 'step_1', 'http', 'done', 1, ${at}, ${at}, '{}');
    UPDATE runtime_attempts SET attempt_no = 4294967296 WHERE attempt_id = 'att_0000002';
    UPDATE runtime_attempts SET retry_multiplier = 1.5, priority = 9, tenant_id = 'tenant-a' WHERE attempt_id = 'att_0000003';
    INSERT INTO runtime_leases VALUES ('lea_orphan', 'att_gone', 'worker-1', ${FAR_MS}, ${at}, 1);`);
}

/** One WAL file; it appears under its name only when it is whole. */
export function generateFile({ path, seed, attempts, dirty = false }) {
  if (existsSync(path)) throw new Error(`${path} exists already; it is not overwritten.`);
  const partial = `${path}.partial`;
  for (const suffix of ['', '-wal', '-shm']) rmSync(partial + suffix, { force: true });
  const db = new Database(partial);
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = OFF');
    db.transaction(() => {
      for (const sql of SQLITE_STATEMENTS) db.exec(sql);
      const rows = { runtime_schema_migrations: migrations(SQLITE_MIGRATIONS), ...makeRows({ seed, attempts }) };
      for (const table of Object.keys(MOVED_TABLES)) insertAll(db, table, rows[table]);
      if (dirty) insertDirt(db);
    })();
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
  renameSync(partial, path);
}
