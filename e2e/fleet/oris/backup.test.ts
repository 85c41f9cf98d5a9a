import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { clusterDsn, onCluster, tempDir } from '@/lib/testing/databases';
import { openUserRecord } from '../user-record.mjs';
import { readCounts, rehearse, withClient } from './backup.mjs';
import { type Env, makeRuntime, startOris } from './fixture';
import { prepare } from './prepare.mjs';
import { runUser } from './user.mjs';

const CLI = join(import.meta.dirname, 'cli.mjs');
const run = (args: string[], env: Env) =>
  execa(process.execPath, [CLI, ...args], {
    env: { PATH: process.env.PATH ?? '', PG_BIN_DIR: process.env.PG_BIN_DIR ?? '', ...env },
    extendEnv: false,
    reject: false,
  });
const REHEARSED = { migration_rows: 2, attempt_rows: 2, lease_rows: 1, queued_ready: 1, owned_leases: 1 };

describe('oris backup and restore', () => {
  it('rehearses twice with the same machine-readable result, and touches no other schema', async () => {
    const { env, dsn, folder } = await makeRuntime('postgres');
    const before = await readCounts({ dsn, schema: 'oris_runtime' });
    const file = join(folder, 'rehearsal.sql');
    const expected = ['backup_restore_rehearsal=ok', 'schema=oris_runtime_backup_rehearsal', `backup_file=${file}`]
      .concat(Object.entries(REHEARSED).map(([name, value]) => `${name}=${value}`))
      .join('\n');
    for (const _ of [1, 2])
      expect(await run(['rehearse', '--file', file], env)).toMatchObject({ exitCode: 0, stdout: expected });
    expect(await readCounts({ dsn, schema: 'oris_runtime' })).toEqual(before);
  });

  it('says ok with a dump that lost its attempts: only whoever compares the counts sees it', async () => {
    const { dsn, folder } = await makeRuntime('postgres');
    const file = join(folder, 'rehearsal.sql');
    const afterBackup = () =>
      writeFileSync(file, readFileSync(file, 'utf8').replace(/^attempt-(queued|leased)\trun.*\n/gm, ''));
    const result = await rehearse({ dsn, schema: 'oris_rehearsal', file, afterBackup });
    expect(result).toMatchObject({ backup_restore_rehearsal: 'ok', attempt_rows: 0, queued_ready: 0 });
  });

  it('refuses a schema name with a leading digit, which the server accepts', async () => {
    const { env, folder } = await makeRuntime('postgres');
    const refused = await run(['rehearse', '--schema', '9lives', '--file', join(folder, 'x.sql')], env);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('must not start with a digit') });
    const { call } = await startOris({ ...env, ORIS_POSTGRES_SCHEMA: '9lives', ORIS_POSTGRES_REQUIRE_SCHEMA: 'false' });
    expect((await call('GET', '/healthz')).status).toBe(200);
  });

  it('brings a live schema back after it was lost, and drops nothing for a missing or empty dump', async () => {
    const { env, dsn, folder } = await makeRuntime('postgres');
    const file = join(folder, 'oris.sql');
    const before = await readCounts({ dsn, schema: 'oris_runtime' });
    expect(await run(['backup', '--file', file], env)).toMatchObject({ exitCode: 0 });
    await withClient(dsn, (client: { query: (sql: string) => Promise<unknown> }) =>
      client.query('DELETE FROM oris_runtime.runtime_attempts'),
    );
    const empty = join(folder, 'empty.sql');
    writeFileSync(empty, '');
    expect(await run(['restore', '--file', empty], env)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('nothing was dropped'),
    });
    expect((await readCounts({ dsn, schema: 'oris_runtime' })).attempt_rows).toBe(0);
    expect(await run(['restore', '--file', file], env)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('restore=ok'),
    });
    expect(await readCounts({ dsn, schema: 'oris_runtime' })).toEqual(before);
  });

  it('leaves nothing at all when the dump is damaged: drop and play back are two commands', async () => {
    const { env, dsn, folder } = await makeRuntime('postgres');
    const file = join(folder, 'oris.sql');
    await run(['backup', '--file', file], env);
    writeFileSync(file, readFileSync(file, 'utf8').replace('CREATE TABLE', 'CREATE TABEL'));
    expect(await run(['restore', '--file', file], env)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('psql failed'),
    });
    await expect(readCounts({ dsn, schema: 'oris_runtime' })).rejects.toThrow('does not exist');
  });
});

it('prepares three runtimes once, and a second run changes nothing', async () => {
  const home = tempDir('oris-demo');
  const database = `t_oris_${randomBytes(5).toString('hex')}`;
  onTestFinished(() =>
    onCluster([
      `drop database if exists "${database}" with (force)`,
      `drop role if exists "${database}_admin"`,
      `drop role if exists "${database}_app"`,
    ]),
  );
  const options = { home, adminDsn: clusterDsn(), small: true, database };
  const first = await prepare(options);
  expect(first.profiles.map(({ service }) => service)).toEqual(['oris-main', 'oris-lab', 'oris-edge']);
  const dsn = first.secrets.ORIS_POSTGRES_DSN as string;
  const before = await readCounts({ dsn, schema: 'oris_runtime' });
  expect(before).toMatchObject({ attempt_rows: 2000, migration_rows: 2 });
  expect(before.owned_leases).toBe(before.lease_rows);
  expect((await prepare({ ...options, known: first.secrets })).secrets).toEqual(first.secrets);
  expect(await readCounts({ dsn, schema: 'oris_runtime' })).toEqual(before);
});

it('a demo user is acknowledged only for attempts that are in the store, and waits while writes are held', async () => {
  const runtime = await makeRuntime('sqlite');
  const { url, call } = await startOris(runtime.env);
  const folder = tempDir('oris-users');
  const record = openUserRecord(folder, 'edge');
  const ending = new AbortController();
  const profile = { sourceId: 'edge', url, headers: {} };
  const walk = runUser({ profile, record, perSecond: 50, signal: ending.signal });
  await expect.poll(() => record.counters.acknowledged, { timeout: 10_000 }).toBeGreaterThan(3);
  await call('PUT', '/admin/maintenance', {});
  await expect.poll(() => record.counters.held, { timeout: 10_000 }).toBe(1);
  await call('DELETE', '/admin/maintenance');
  ending.abort();
  await walk;
  const acks = readFileSync(join(folder, 'edge.acks.ndjson'), 'utf8').trim().split('\n');
  const db = new Database(runtime.path, { readonly: true });
  for (const line of acks) {
    const ack = JSON.parse(line) as { key: { attempt_id: string }; value: string };
    expect(db.prepare('SELECT run_id FROM runtime_attempts WHERE attempt_id = ?').pluck().get(ack.key.attempt_id)).toBe(
      ack.value,
    );
  }
  db.close();
  expect(record.counters.failed).toBe(0);
});
