import { SOURCE_TABLES, SOURCES_COLUMNS, quoteIdent } from './ddl.mjs';

/** Rows come one by one, as text or number; 64-bit integers whole. */
const insertStatement = (target, columns, key) => {
  const names = columns.join(', ');
  const update = columns
    .filter((c) => !key.includes(c))
    .map((c) => `${c} = excluded.${c}`)
    .join(', ');
  return `INSERT INTO ${target} (${names}) VALUES (${columns.map((_, i) => `$${i + 1}`).join(', ')}) ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${update}`;
};

/** What PostgreSQL refused, with the row it refused. */
export class ImportRefused extends Error {
  constructor(table, key, cause) {
    super(`${table} ${key}: ${cause.message} (SQLSTATE ${cause.code})`, { cause });
  }
}

async function copyTable(client, rows, { table, target, columns, key }) {
  const sql = insertStatement(target, columns, key);
  let copied = 0;
  await client.query('BEGIN');
  try {
    for (const row of rows) {
      await client
        .query(
          sql,
          columns.map((c) => row[c]?.toString() ?? null),
        )
        .catch((cause) => {
          throw new ImportRefused(table, key.map((c) => row[c]).join(' / '), cause);
        });
      copied += 1;
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
  return copied;
}

/**
 * Row by row, a transaction per table, no resume: tables before a refused row stay loaded, as in the real one.
 * @throws ImportRefused with PostgreSQL's own words, e.g. for hearts beyond 32 bits.
 */
export async function importSource({ db, client, sourceId, schema, report }) {
  const plan = [
    { table: 'sources', target: 'public.sources', columns: SOURCES_COLUMNS.map(([c]) => c), key: ['id'], scope: 'id' },
    ...Object.entries(SOURCE_TABLES).map(([table, { columns, key }]) => ({
      table,
      target: `${quoteIdent(schema)}.${table}`,
      columns: columns.map(([c]) => c),
      key,
      scope: 'source_id',
    })),
  ];
  for (const part of plan) {
    const rows = db
      .prepare(
        `SELECT ${part.columns.join(', ')} FROM ${part.table} WHERE ${part.scope} = ? ORDER BY ${part.key.join(', ')}`,
      )
      .safeIntegers(true)
      .iterate(sourceId);
    report(`${part.table}: ${await copyTable(client, rows, part)} rows`);
  }
}
