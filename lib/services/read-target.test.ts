import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { onCluster, tempDir, testDatabase } from '@/lib/testing/databases';
import { readTarget } from './read-target';

const binDir = process.env.PG_BIN_DIR;
const read = (dsn: string, more: Partial<Parameters<typeof readTarget>[0]> = {}) =>
  readTarget({ name: 'PG_DSN', dsn, makesSchemas: true, binDir, ...more });
const codes = (reading: Awaited<ReturnType<typeof read>>) => [
  ...(reading.error ? [reading.error.code] : []),
  ...reading.probes.flatMap(({ problem }) => (problem ? [problem.code] : [])),
  ...(reading.tools?.error ? [reading.tools.error.code] : []),
];
const changed = (dsn: string, change: (url: URL) => void) => {
  const url = new URL(dsn);
  change(url);
  return url.href;
};

it('finds out by connecting what a server is and what its role may do, and says nothing of the DSN', async () => {
  const database = await testDatabase('reading');
  const reading = await read(database.dsn);
  expect(codes(reading)).toEqual([]);
  expect(reading.server).toMatchObject({ database: database.name, role: database.name, encoding: 'UTF8' });
  expect(reading.probes.map(({ what }) => what)).toContain('creates, fills and drops a schema');
  expect(reading.tools?.version).toMatch(/^\d+/);
  expect(JSON.stringify(reading)).not.toContain(new URL(database.dsn).password);
});

it('tells each way a DSN may be wrong apart, with the next move and without its password', async () => {
  const database = await testDatabase('wrong');
  const free = createServer();
  const port = await new Promise<number>((resolve) =>
    free.listen(0, '127.0.0.1', () => resolve((free.address() as { port: number }).port)),
  );
  await new Promise((resolve) => free.close(resolve));
  const wrong: [string, string][] = [
    ['target_password_wrong', changed(database.dsn, (url) => (url.password = 'a-wrong-one-4711'))],
    ['target_database_missing', changed(database.dsn, (url) => (url.pathname = '/no_such_database'))],
    ['target_unreachable', changed(database.dsn, (url) => (url.port = String(port)))],
    ['dsn_invalid', 'postgres-is-here'],
  ];
  for (const [code, dsn] of wrong) {
    const reading = await read(dsn);
    expect(codes(reading)).toEqual([code]);
    expect(reading.error?.message).toMatch(/\.$/);
    expect(reading.error?.advice).toMatch(/\.$/);
    expect(JSON.stringify(reading)).not.toMatch(/a-wrong-one-4711/);
    expect(JSON.stringify(reading)).not.toContain(new URL(database.dsn).password);
  }
});

it('names a missing right, a read-only database and an encoding that would lose text', async () => {
  const database = await testDatabase('rights');
  const poor = `${database.name}_poor`;
  await onCluster([
    `create role "${poor}" login password 'poor'`,
    `grant connect on database "${database.name}" to "${poor}"`,
  ]);
  onTestFinished(() => onCluster([`drop owned by "${poor}"`, `drop role "${poor}"`], database.adminDsn));
  const asPoor = changed(database.dsn, (url) => Object.assign(url, { username: poor, password: 'poor' }));
  const reading = await read(asPoor);
  expect(codes(reading)).toEqual(['target_privilege_missing']);
  expect(reading.probes.at(-1)?.problem?.advice).toBe(
    `Run there: grant create on database "${database.name}" to "${poor}".`,
  );
  expect(codes(await read(asPoor, { makesSchemas: false }))).toEqual([]);
  await onCluster([`alter role "${database.name}" set default_transaction_read_only = on`]);
  expect(codes(await read(database.dsn))).toEqual(['target_read_only']);
  const latin = `${database.name}_latin`;
  await onCluster([
    `create database "${latin}" template template0 encoding 'LATIN1' locale 'C' owner "${database.name}"`,
  ]);
  onTestFinished(() => onCluster([`drop database "${latin}" with (force)`]));
  expect(codes(await read(changed(database.adminDsn, (url) => (url.pathname = `/${latin}`))))).toEqual([
    'target_encoding',
  ]);
});

it('refuses a pg_dump that is older than the server it would have to dump', async () => {
  const database = await testDatabase('tools');
  const old = tempDir('old-tools');
  const tool = join(old, 'pg_dump');
  writeFileSync(tool, '#!/bin/sh\necho "pg_dump (PostgreSQL) 9.6.24"\n');
  chmodSync(tool, 0o755);
  symlinkSync(tool, join(old, 'pg_restore'));
  const reading = await read(database.dsn, { binDir: old });
  expect(reading.tools).toEqual({
    version: '9.6.24',
    error: {
      code: 'tool_too_old',
      message: `pg_dump 9.6.24 in ${old} cannot dump server ${Math.floor((reading.server?.versionNumber ?? 0) / 10_000)}.`,
      advice: expect.stringMatching(/^Install client \d+ or set PG_BIN_DIR/),
    },
  });
  expect(codes(await read(database.dsn, { binDir: tempDir('no-tools') }))).toEqual(['tool_missing']);
});
