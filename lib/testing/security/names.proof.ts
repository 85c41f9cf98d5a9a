import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { expect, it } from 'vitest';
import { findPgTools, restoreTarget, snapshotTarget, targetPlace } from '@/lib/dataplane';
import { quoteIdent, quotePath, quoteText } from '@/lib/sources/quote';
import { fixture } from '@/lib/testing/dataplane-fixture';
import { onCluster, tempDir } from '@/lib/testing/databases';
import { seeded } from '@/lib/testing/seeded';

const signal = new AbortController().signal;
const pieces = [
  '"',
  "'",
  '`',
  '$$',
  '$tag$',
  ';',
  '--',
  '/*',
  '*/',
  '\\',
  '\\x',
  '\n',
  '\r\n',
  '\t',
  '%s',
  '%1$s',
  '{{',
  '}}',
  ')',
];
const words = [
  'drop table p.canary',
  'union select 1',
  '::regclass',
  'E',
  'U&',
  'select',
  'É',
  '\u202e',
  '😀',
  'pg_temp.',
  ' ',
];

/** 200 names, each of pieces that mean something to some SQL. */
function hostileNames(): string[] {
  const random = seeded('names');
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? '';
  const names = Array.from({ length: 200 }, (_, n) =>
    `${n}${Array.from({ length: 5 }, () => pick(random() < 0.6 ? pieces : words)).join('')}`.slice(0, 24),
  );
  return [...new Set(names)];
}

it('200 hostile names stay names, in both databases and in every place of a statement', async () => {
  const names = hostileNames();
  expect(names.length).toBe(200);
  const f = await fixture('names', {
    sqlite: 'create table canary (id integer)',
    target: 'create table canary (id int8)',
  });
  const client = new pg.Client({ connectionString: f.database.dsn });
  const sqlite = new Database(f.path);
  await client.connect();
  try {
    await client.query('create schema hostile');
    for (const name of names) {
      const column = quoteIdent(name);
      // Cut in the middle of a pair, a name may end in half of one, which no UTF-8 holds.
      const wellFormed = Buffer.from(name).toString();
      await client.query(
        `create table ${quotePath('hostile', wellFormed)} (${quoteIdent(wellFormed)} text default ${quoteText(wellFormed)})`,
      );
      await client.query(`insert into ${quotePath('hostile', wellFormed)} default values`);
      const { rows } = await client.query({
        text: `select ${quoteIdent(wellFormed)} from ${quotePath('hostile', wellFormed)}`,
        rowMode: 'array',
      });
      expect(rows, JSON.stringify(name)).toEqual([[wellFormed]]);
      sqlite.exec(`create table ${quoteIdent(`t${name}`)} (${column} text default ${quoteText(name)})`);
      sqlite.exec(`insert into ${quoteIdent(`t${name}`)} default values`);
      expect(
        sqlite
          .prepare(`select ${column} from ${quoteIdent(`t${name}`)}`)
          .pluck()
          .get(),
      ).toBe(name);
    }
    const { rows } = await client.query(
      "select nspname || '.' || relname as name from pg_class c join pg_namespace n on n.oid = relnamespace where relkind = 'r' and nspname in ('p', 'public')",
    );
    expect(rows).toEqual([{ name: 'p.canary' }]);
    expect(
      (
        await client.query(
          "select count(*)::int as n from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = 'hostile' and relkind = 'r'",
        )
      ).rows,
    ).toEqual([{ n: 200 }]);
    expect(sqlite.prepare("select count(*) from sqlite_schema where name not like 't%'").pluck().get()).toBe(1);
  } finally {
    sqlite.close();
    await client.end();
  }
});

it('a database named like an option, and a table named like a command of psql, are dumped and restored as names', async () => {
  const canary = join(tempDir('canary'), 'by-table');
  const option = `canary-${process.pid}`;
  const f = await fixture('options', {
    sqlite: 'create table t (id integer)',
    target: 'create table t (id int8); insert into t values (7)',
  });
  const database = `--file=${option}`;
  await onCluster([
    `create database ${quoteIdent(database)} template ${quoteIdent(f.database.name)} owner ${quoteIdent(f.database.name)}`,
  ]);
  try {
    const url = new URL(f.database.dsn);
    url.pathname = `/${database}`;
    const place = targetPlace(url.href, 'me', { schema: 'p' });
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query(`create table p.${quoteIdent(`t\n\\! touch ${canary}\n`.slice(0, 63))} (id int8)`);
    await client.end();
    const input = { place, dir: join(f.dir, 'snapshot'), tools: await findPgTools(), signal, cutoverId: 'cutover' };
    expect((await snapshotTarget(input)).manifest.tables).toHaveLength(2);
    expect(await restoreTarget({ ...input, epoch: 1 })).toMatchObject({ outcome: 'restored', problems: [] });
    expect([canary, option].map((file) => existsSync(file))).toEqual([false, false]);
  } finally {
    await onCluster([`drop database ${quoteIdent(database)} with (force)`]);
  }
});
