import pg from 'pg';
import { TABLE_NAMES, toCells, upsertSql } from './ddl.mjs';
import { isFence } from '../parts/errors.mjs';
import { readAll } from './store.mjs';
import { inTransaction } from '../parts/postgres.mjs';

const sslOf = (mode) => (mode === 'require' ? { rejectUnauthorized: false } : false);

export function makePool({ postgres }) {
  const pool = new pg.Pool({
    connectionString: postgres.url,
    ssl: sslOf(postgres.sslMode),
    max: postgres.poolSize,
    idleTimeoutMillis: postgres.idleMs,
    connectionTimeoutMillis: postgres.connectionMs,
    statement_timeout: postgres.statementMs,
    query_timeout: postgres.queryMs,
    maxUses: postgres.maxUses || undefined,
    application_name: postgres.applicationName,
  });
  // An idle connection dies with the server; the next flush makes a new one.
  pool.on('error', () => {});
  return pool;
}

export const upserts = Object.fromEntries(
  TABLE_NAMES.map((table) => [table, upsertSql(table, 'postgres', (n) => `$${n}`)]),
);

async function writeRows(pool, changes) {
  await inTransaction(pool, async (client) => {
    for (const table of TABLE_NAMES)
      for (const change of changes)
        if (change.table === table) await client.query(upserts[table], toCells(table, change.row));
  });
}

/**
 * PostgreSQL behind a queue of unwritten rows. The trap of the real service is kept: an answer does not depend on its
 * write. A row that the database refuses stays in the queue, so every later flush fails with it until a restart drops
 * them all, while the API goes on answering 201.
 */
export async function openPostgresBackend(config, store) {
  const pool = makePool(config);
  const pending = new Map();
  let turn = Promise.resolve();
  let flushes = 0;

  const flushOnce = async () => {
    flushes += 1;
    const every = config.postgres.reconcileEvery;
    const all = every > 0 && flushes % every === 0;
    const changes = all
      ? TABLE_NAMES.flatMap((table) => [...store[table].values()].map((row) => ({ table, row })))
      : [...pending.values()];
    await writeRows(pool, changes);
    for (const { table, row } of changes) {
      const key = `${table}/${row.id}`;
      if (pending.get(key)?.row === row) pending.delete(key);
    }
  };

  return {
    name: 'postgres',
    hydratesLate: true,
    load: () => readAll('postgres', async (table) => (await pool.query(`SELECT * FROM ${table}`)).rows),
    async flush(changes) {
      for (const change of changes) pending.set(`${change.table}/${change.row.id}`, change);
      turn = turn.then(flushOnce).then(
        () => null,
        (error) => error,
      );
      const failed = await turn;
      if (!failed) return;
      // A fence is no failure of the service: the row leaves the queue and its user is told.
      if (isFence(failed)) {
        for (const change of changes) pending.delete(`${change.table}/${change.row.id}`);
        throw failed;
      }
      process.stderr.write(`humanonly: storage flush failed: ${failed.code ?? failed.name}: ${failed.message}\n`);
    },
    close: () => pool.end(),
  };
}
