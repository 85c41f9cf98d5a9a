import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { onTestFinished } from 'vitest';

export type TestDatabase = {
  name: string;
  /** As the owner of the database, not a superuser. */
  dsn: string;
  /** As superuser of the throw-away cluster, on the same database. */
  adminDsn: string;
  drop(): Promise<void>;
};

/** DSN of the cluster's superuser; set by the run's global set-up, or by hand to re-use a cluster. */
export function clusterDsn(): string {
  const dsn = process.env.CUTOVER_TEST_CLUSTER;
  if (!dsn)
    throw new Error('CUTOVER_TEST_CLUSTER is not set: run through `npx vitest --config lib/testing/vitest.config.ts`.');
  return dsn;
}

/** One statement list on the cluster, as superuser. */
export async function onCluster(statements: string[], dsn = clusterDsn()): Promise<void> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A database of its own with an owner of its own. @param name a word to recognise it by; the real name is unique per call */
export async function createDatabase(name = 'db', options: { template?: string } = {}): Promise<TestDatabase> {
  const unique = `t_${name
    .replace(/[^a-z0-9]+/gi, '_')
    .toLowerCase()
    .slice(0, 30)}_${randomBytes(5).toString('hex')}`;
  const password = randomBytes(9).toString('hex');
  const template = options.template ? ` template "${options.template}"` : '';
  await onCluster([
    `create role "${unique}" login password '${password}'`,
    `create database "${unique}" owner "${unique}"${template}`,
  ]);
  const admin = new URL(clusterDsn());
  admin.pathname = `/${unique}`;
  const own = new URL(admin);
  own.username = unique;
  own.password = password;
  const drop = () => onCluster([`drop database if exists "${unique}" with (force)`, `drop role if exists "${unique}"`]);
  return { name: unique, dsn: own.href, adminDsn: admin.href, drop };
}

/** The same, dropped when the running test has finished. */
export async function testDatabase(name?: string, options?: { template?: string }): Promise<TestDatabase> {
  const database = await createDatabase(name, options);
  onTestFinished(() => database.drop());
  return database;
}

/** A child of a process that was just killed may still put a file there. */
async function removeFolder(folder: string): Promise<void> {
  const until = Date.now() + 15_000;
  for (;;) {
    try {
      return await rm(folder, { recursive: true, force: true });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOTEMPTY' || Date.now() > until) throw thrown;
      await sleep(50);
    }
  }
}

/** A folder of its own, 0700, removed when the running test has finished (outside one: with the run). */
export function tempDir(name = 'test'): string {
  const folder = mkdtempSync(join(process.env.CUTOVER_TEST_FOLDER ?? tmpdir(), `cutover-${name}-`));
  try {
    onTestFinished(() => removeFolder(folder));
  } catch {
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
  return folder;
}
