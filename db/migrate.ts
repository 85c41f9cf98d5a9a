import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { openDb, openPool } from './client';
import { quietLogger } from './quiet-logger';
import { unreachable } from './unreachable';

export type Migrated = { instance: string; schemaLevel: number; applied: number };

/** Arbitrary but fixed: two starting processes must not migrate at once. */
const migrationLock = 7_205_114_301;

type Journal = { entries: { tag: string; when: number }[] };
const readJournal = (folder: string): Journal =>
  JSON.parse(readFileSync(path.join(folder, 'meta', '_journal.json'), 'utf8')) as Journal;

/**
 * Brings the control plane to this version: database, tables, queue, control row. Safe to repeat and to run twice at once.
 * @param folder of the migrations (Default: db/migrations under the working directory)
 * @throws CutoverError control_unreachable | control_newer
 */
export async function migrateControlPlane(url: string, folder = path.resolve('db/migrations')): Promise<Migrated> {
  const level = readJournal(folder).entries.length;
  await createDatabaseIfMissing(url);
  const pool = openPool(url, { name: 'cutover-migrate', max: 3 });
  try {
    const guard = await pool.connect();
    try {
      await guard.query('select pg_advisory_lock($1)', [migrationLock]);
      const before = await levelOf(guard);
      if (before.level > level) throw newer(before.level, level);
      await migrate(openDb(pool), { migrationsFolder: folder });
      await runMigrations({ pgPool: pool, logger: quietLogger });
      const written = await guard.query<{ instance: string }>(
        `insert into control (id, instance, schema_level) values (1, $1, $2)
         on conflict (id) do update set schema_level = excluded.schema_level returning instance`,
        [randomUUID(), level],
      );
      return { instance: written.rows[0]?.instance ?? '', schemaLevel: level, applied: level - before.level };
    } finally {
      await guard.query('select pg_advisory_unlock_all()').catch(() => undefined);
      guard.release();
    }
  } catch (thrown) {
    throw unreachable(url, thrown);
  } finally {
    await pool.end();
  }
}

/** The level on record, and what drizzle applied, whichever is higher: a stopped migration leaves the second only. */
async function levelOf(client: pg.PoolClient): Promise<{ level: number }> {
  const has = await client.query<{ control: string | null; applied: string | null }>(
    `select to_regclass('public.control')::text as control, to_regclass('drizzle.__drizzle_migrations')::text as applied`,
  );
  const recorded = has.rows[0]?.control
    ? await client.query<{ level: number }>('select schema_level as level from control where id = 1')
    : null;
  const applied = has.rows[0]?.applied
    ? await client.query<{ level: number }>('select count(*)::int as level from drizzle.__drizzle_migrations')
    : null;
  return { level: Math.max(recorded?.rows[0]?.level ?? 0, applied?.rows[0]?.level ?? 0) };
}

/** Connects to the maintenance database of the same server and creates ours, when it is missing and we may. */
async function createDatabaseIfMissing(url: string): Promise<void> {
  const probe = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  probe.on('error', () => undefined);
  try {
    await probe.connect();
    return;
  } catch (thrown) {
    if ((thrown as { code?: string }).code !== '3D000') throw unreachable(url, thrown);
  } finally {
    await probe.end().catch(() => undefined);
  }
  const address = new URL(url);
  const name = decodeURIComponent(address.pathname.slice(1));
  address.pathname = '/postgres';
  const admin = new pg.Client({ connectionString: address.href, connectionTimeoutMillis: 5_000 });
  admin.on('error', () => undefined);
  try {
    await admin.connect();
    await admin.query(`create database ${pg.escapeIdentifier(name)}`);
  } catch (thrown) {
    // 42P04, 23505: another process created it between our two looks.
    if (!['42P04', '23505'].includes((thrown as { code?: string }).code ?? '')) throw unreachable(url, thrown);
  } finally {
    await admin.end().catch(() => undefined);
  }
}

const newer = (found: number, known: number): CutoverError =>
  new CutoverError({
    code: 'control_newer',
    message: `The control plane is at schema level ${found}, this version knows ${known}.`,
    advice:
      'Start the newer version of the console, or point DATABASE_URL at a control plane of this version; nothing was changed.',
    facts: { found, known },
  });
