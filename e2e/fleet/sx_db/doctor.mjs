import Database from 'better-sqlite3';
import pg from 'pg';
import { deriveSchema, quoteIdent, SOURCE_TABLES } from './ddl.mjs';
import { hasTable } from './sqlite-schema.mjs';

function checkSqlite(config) {
  const db = new Database(config.dbPath, { readonly: true, fileMustExist: true });
  try {
    const missing = ['sources', ...Object.keys(SOURCE_TABLES)].filter((name) => !hasTable(db, name));
    if (missing.length > 0) throw new Error(`tables missing: ${missing.join(', ')}`);
    const integrity = db.pragma('quick_check', { simple: true });
    if (integrity !== 'ok') throw new Error(`quick_check: ${integrity}`);
    return `${db.prepare('SELECT COUNT(*) FROM sources').pluck().get()} sources`;
  } finally {
    db.close();
  }
}

async function checkMapping(client, config, sourceId) {
  const found = await client.query(
    `SELECT schema_name FROM public.${quoteIdent(config.registryTable)} WHERE source_id = $1`,
    [sourceId],
  );
  if (found.rows.length === 0)
    return `${sourceId} is not mapped (would be ${deriveSchema(config.schemaPrefix, sourceId)})`;
  const schema = found.rows[0].schema_name;
  const tables = await client.query(
    'SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = $1 AND tablename = ANY($2)',
    [schema, Object.keys(SOURCE_TABLES)],
  );
  if (tables.rows[0].n !== Object.keys(SOURCE_TABLES).length) throw new Error(`schema ${schema} lacks tables`);
  return `${sourceId} → ${schema}`;
}

async function checkPostgres(config, sourceId) {
  const client = new pg.Client({ connectionString: config.dsn, connectionTimeoutMillis: 3_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    const version = (await client.query('SHOW server_version')).rows[0].server_version;
    return `server ${version}${sourceId ? `, ${await checkMapping(client, config, sourceId)}` : ''}`;
  } finally {
    await client.end();
  }
}

/** Says what holds and what does not. @returns true when nothing failed. */
export async function runDoctor({ config, sourceId, report }) {
  const checks = [
    ['sqlite file', () => checkSqlite(config)],
    ...(config.dsn ? [['postgres', () => checkPostgres(config, sourceId)]] : []),
  ];
  let ok = true;
  for (const [name, check] of checks) {
    try {
      report(`[PASS] ${name}: ${await check()}`);
    } catch (error) {
      ok = false;
      report(`[FAIL] ${name}: ${error.message}`);
    }
  }
  return ok;
}
