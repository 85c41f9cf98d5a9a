import { execFile } from 'node:child_process';
import { existsSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MOVED_TABLES, postgresStatements, quoteIdent } from './ddl.mjs';
import { withClient as connect } from '../parts/postgres.mjs';

const execute = promisify(execFile);
/** Far in the future, so that the lease of a rehearsal is never reclaimed. */
const FAR_MS = 4_102_444_800_000;

/** Stricter than the server's own check: no leading digit. */
export function checkSchemaName(schema) {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(schema))
    throw new Error(
      `RUNTIME_SCHEMA may hold letters, digits and underscores and must not start with a digit, not "${schema}".`,
    );
}

/** The password travels in the environment of the tool, never in its arguments. */
function toolEnv(dsn) {
  const url = new URL(dsn);
  return {
    PATH: process.env.PATH ?? '',
    PGHOST: url.hostname,
    PGPORT: url.port || '5432',
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: url.pathname.slice(1),
  };
}

async function runTool(name, args, dsn, folder = process.env.PG_BIN_DIR) {
  const tool = folder ? join(folder, name) : name;
  await execute(tool, args, { env: toolEnv(dsn), maxBuffer: 16 * 1024 * 1024 }).catch((error) => {
    throw new Error(
      `${name} failed: ${String(error.stderr || error.message)
        .trim()
        .slice(0, 500)}`,
    );
  });
}

export const withClient = (dsn, work) => connect(dsn, work, 'oris backup');

/** A plain dump of one schema without owners and grants; it stands under its name only when it is whole and not empty. */
export async function backupSchema({ dsn, schema, file, tools }) {
  checkSchemaName(schema);
  const partial = `${file}.partial`;
  await runTool(
    'pg_dump',
    ['--schema', quoteIdent(schema), '--format=plain', '--no-owner', '--no-privileges', '--file', partial],
    dsn,
    tools,
  );
  if (statSync(partial).size === 0) throw new Error(`${file} would be empty.`);
  renameSync(partial, file);
}

/** Drops the schema and plays the dump back. As in the runbook these are two commands: a failure between leaves nothing. */
export async function restoreSchema({ dsn, schema, file, tools }) {
  checkSchemaName(schema);
  if (!existsSync(file) || statSync(file).size === 0)
    throw new Error(`${file} is missing or empty; nothing was dropped.`);
  await runTool(
    'psql',
    ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-c', `DROP SCHEMA IF EXISTS ${quoteIdent(schema)} CASCADE;`],
    dsn,
    tools,
  );
  await runTool('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', file], dsn, tools);
}

/** The five numbers of the validation. */
export function readCounts({ dsn, schema }) {
  checkSchemaName(schema);
  const at = quoteIdent(schema);
  const ready = `FROM ${at}.runtime_attempts a WHERE a.status = 'queued' AND NOT EXISTS (SELECT 1 FROM ${at}.runtime_leases l WHERE l.attempt_id = a.attempt_id)`;
  const owned = `FROM ${at}.runtime_leases l JOIN ${at}.runtime_attempts a USING (attempt_id) WHERE a.status = 'leased'`;
  const tables = {
    migration_rows: 'runtime_schema_migrations',
    attempt_rows: 'runtime_attempts',
    lease_rows: 'runtime_leases',
  };
  return withClient(dsn, async (client) => {
    const counts = {};
    const count = async (from) => (await client.query(`SELECT count(*)::int AS n ${from}`)).rows[0].n;
    for (const [name, table] of Object.entries(tables)) counts[name] = await count(`FROM ${at}.${quoteIdent(table)}`);
    return { ...counts, queued_ready: await count(ready), owned_leases: await count(owned) };
  });
}

/** A schema of its own: two migrations, one queued attempt, one leased, its lease at version 3. */
export async function seedRehearsal({ dsn, schema }) {
  checkSchemaName(schema);
  const at = quoteIdent(schema);
  await withClient(dsn, async (client) => {
    await client.query(`DROP SCHEMA IF EXISTS ${at} CASCADE`);
    for (const sql of postgresStatements(schema)) await client.query(sql);
    // The script says runtime_dispatch_indexes where the code says runtime_indexes.
    await client.query(
      `INSERT INTO ${at}.runtime_schema_migrations VALUES (1, 'baseline_runtime_tables', 1), (2, 'runtime_dispatch_indexes', 2)`,
    );
    await client.query(
      `INSERT INTO ${at}.runtime_attempts VALUES ('attempt-queued', 'run-queued', 1, 'queued', NULL), ('attempt-leased', 'run-leased', 1, 'leased', NULL)`,
    );
    await client.query(
      `INSERT INTO ${at}.runtime_leases VALUES ('lease-1', 'attempt-leased', 'worker-1', ${FAR_MS}, ${FAR_MS - 1000}, 3)`,
    );
  });
  return Object.keys(MOVED_TABLES);
}

/**
 * Seed, dump, drop, restore, count. It says ok whatever the counts are, as the real script does: whoever runs it must
 * compare them. @param {{dsn: string, schema: string, file: string, tools?: string, afterBackup?: () => void}} rehearsal
 */
export async function rehearse({ dsn, schema, file, tools, afterBackup = () => {} }) {
  await seedRehearsal({ dsn, schema });
  await backupSchema({ dsn, schema, file, tools });
  afterBackup();
  await restoreSchema({ dsn, schema, file, tools });
  return { backup_restore_rehearsal: 'ok', schema, backup_file: file, ...(await readCounts({ dsn, schema })) };
}
