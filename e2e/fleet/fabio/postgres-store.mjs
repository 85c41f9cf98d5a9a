import pg from 'pg';
import { ALL_TABLES, quoteIdent, tablesIn } from './ddl.mjs';
import { recordOf, rowOf } from './records.mjs';
import { inTransaction } from '../parts/postgres.mjs';

const DATE = 1082;
const TIMESTAMPTZ = 1184;
const INT8 = 20;
const types = {
  getTypeParser(oid, format) {
    if (oid === DATE) return (text) => text;
    if (oid === TIMESTAMPTZ)
      return (text) => new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')).toISOString();
    return oid === INT8 ? Number : pg.types.getTypeParser(oid, format);
  },
};

/** Makes what is missing at every start; nothing turns this off. */
const autoMigrate = (pool, schema) =>
  inTransaction(pool, async (client) => {
    await client.query("SELECT pg_advisory_xact_lock(hashtext('fabio schema'))");
    const known = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
    if (known.rows.length === 0) await client.query(`CREATE SCHEMA ${quoteIdent(schema)}`);
    for (const sql of tablesIn(ALL_TABLES, schema)) await client.query(sql);
  });

const QUEUE = 'orchestration_module_task_queue';

/** The tables of one schema. @throws what the driver throws when the server is away at the start */
export async function openPostgresStore(config) {
  const pool = new pg.Pool({
    connectionString: config.dsn,
    types,
    max: 8,
    idleTimeoutMillis: 10_000,
    connectionTimeoutMillis: 3_000,
    statement_timeout: 15_000,
    options: '-c timezone=UTC',
    application_name: `fabio:${config.port}`,
  });
  // An idle connection dies with the server; the next request makes a new one.
  pool.on('error', () => {});
  try {
    await autoMigrate(pool, config.schema);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const at = (name) => `${quoteIdent(config.schema)}.${quoteIdent(name)}`;
  const insert = async (name, record, conflict = '') => {
    const pairs = rowOf(ALL_TABLES[name], record);
    const columns = pairs.map(([column]) => quoteIdent(column)).join(', ');
    const marks = pairs.map((_, i) => `$${i + 1}`).join(', ');
    await pool.query(
      `INSERT INTO ${at(name)} (${columns}) VALUES (${marks}) ${conflict}`,
      pairs.map(([, value]) => value),
    );
  };
  const records = (name, rows) => rows.map((row) => recordOf(ALL_TABLES[name], row));
  return {
    backend: 'postgres',
    append: (name, record) => insert(name, record),
    async trace(name, correlationId) {
      const found = await pool.query(`SELECT * FROM ${at(name)} WHERE correlation_id::text = $1 ORDER BY id`, [
        correlationId,
      ]);
      return records(name, found.rows);
    },
    async list(name, { tenant = null, limit = 200 } = {}) {
      const { identity, columns } = ALL_TABLES[name];
      const scoped = columns.some((c) => c.name === 'tenant_id') && tenant !== null;
      const where = scoped ? 'WHERE tenant_id = $1' : '';
      const order =
        columns[0].kind === 'serial'
          ? 'id'
          : `${columns.some((c) => c.name === 'created_at') ? 'created_at, ' : ''}${quoteIdent(identity)}`;
      const found = await pool.query(
        `SELECT * FROM ${at(name)} ${where} ORDER BY ${order} LIMIT ${Number(limit)}`,
        scoped ? [tenant] : [],
      );
      const total = await pool.query(`SELECT count(*) AS n FROM ${at(name)} ${where}`, scoped ? [tenant] : []);
      return { items: records(name, found.rows), total: total.rows[0].n };
    },
    async find(name, id) {
      const found = await pool.query(
        `SELECT * FROM ${at(name)} WHERE ${quoteIdent(ALL_TABLES[name].identity)}::text = $1`,
        [id],
      );
      return records(name, found.rows)[0] ?? null;
    },
    async put(name, record) {
      const spec = ALL_TABLES[name];
      const columns = rowOf(spec, record)
        .map(([column]) => column)
        .filter((column) => column !== spec.identity);
      const set = columns.map((column) => `${quoteIdent(column)} = excluded.${quoteIdent(column)}`).join(', ');
      await insert(name, record, spec.key ? `ON CONFLICT (${quoteIdent(spec.key)}) DO UPDATE SET ${set}` : '');
    },
    remove: (name, id) =>
      pool.query(`DELETE FROM ${at(name)} WHERE ${quoteIdent(ALL_TABLES[name].identity)}::text = $1`, [id]),
    enqueue: (item) => insert(QUEUE, item),
    async claim(now) {
      const claimed = await pool.query(
        `UPDATE ${at(QUEUE)} SET status = 'running', started_at = $1, updated_at = $1 WHERE queue_item_id =
          (SELECT queue_item_id FROM ${at(QUEUE)} WHERE status = 'pending' ORDER BY enqueued_at, queue_item_id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *`,
        [now],
      );
      return records(QUEUE, claimed.rows)[0] ?? null;
    },
    async finish(item) {
      await pool.query(
        `UPDATE ${at(QUEUE)} SET status = $2, finished_at = $3, updated_at = $3, error_code = $4, result_summary = $5 WHERE queue_item_id = $1`,
        [item.queue_item_id, item.status, item.finished_at, item.error_code ?? null, item.result_summary ?? null],
      );
    },
    describe: () => ({ backend: 'postgres', storage_dir: null }),
    ping: () => pool.query('SELECT 1'),
    close: () => pool.end(),
  };
}
