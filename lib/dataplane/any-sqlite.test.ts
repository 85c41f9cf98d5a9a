import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { createDesigned, designSource } from './index';
import { checkImport, diffRows, importRows, sourceScope, targetPlace, withTarget } from './index';
import type { ChosenRules } from './types';

const signal = new AbortController().signal;

/** A file made by `sql`, designed, made, loaded, built, checked and compared. */
async function move(name: string, sql: string, rules: ChosenRules = []) {
  const dir = tempDir(name);
  const path = join(dir, 'app.db');
  const db = new Database(path);
  db.exec(sql);
  db.close();
  const database = await testDatabase(name);
  const source = { path, allowedRoots: [dir] };
  const scope = sourceScope('me', {});
  const place = targetPlace(database.dsn, 'me', { schema: 'app' });
  const design = designSource(source, scope, place, rules);
  const query = (text: string) =>
    withTarget(database.dsn, async (client) => (await client.query(text)).rows as Record<string, string | null>[]);
  await withTarget(database.dsn, (client) => createDesigned(client, place, design));
  const common = { source, scope, place, rules, signal, cutoverId: 'cutover', sourceDigest: 'snapshot' };
  const load = () => importRows({ ...common, epoch: 1 });
  const check = () => checkImport(common);
  const diff = () => diffRows({ source, scope, place, rules, signal, holdsAt: 'test' });
  return { design, query, load, check, diff, path };
}

const keys = (findings: readonly { key: string; blocking: boolean }[]) =>
  findings.filter(({ blocking }) => blocking).map(({ key }) => key);

test('keys, identity, checks, defaults, partial and folded indexes, generated columns and foreign keys arrive and hold', async () => {
  const moved = await move(
    'design',
    `create table people (id integer primary key autoincrement, name text not null collate nocase unique, mail varchar(40),
        active boolean not null default 1 check (active in (0, 1)), made text default current_timestamp,
        full text generated always as (name || ' <' || coalesce(mail, '') || '>') stored, score real default 1.5, price decimal(10, 2),
        boss integer references people, check (length(name) > 0 and score >= 0));
      create table jobs (org text, no int, who integer references people (id) on delete cascade deferrable initially deferred, primary key (org, no)) without rowid;
      create unique index "one active" on people (mail) where active = 1 and mail is not null;
      create index by_fold on people (lower(name), score desc);
      insert into people (name, mail, active, score, price, boss) values ('Ann', 'a@x', 1, 0.1, 10, null), ('Bob', null, 0, 2, 12.5, 1), ('Zoë', 'z@x', 1, 1e300, null, 2);
      insert into jobs values ('a', 1, 1), ('a', 2, 3);
      delete from people where name = 'gone'; update sqlite_sequence set seq = 1000;`,
  );
  expect(moved.design.notCarried).toEqual([]);
  expect(keys(moved.design.findings)).toEqual([]);
  const report = await moved.load();
  expect(report.rows).toBe('5');
  expect(await moved.check()).toMatchObject({ passed: true, catalog: { differences: [] } });
  expect(await moved.diff()).toMatchObject({ equal: '5', differing: '0', missing: '0', extra: '0', notCompared: [] });
  await expect(moved.query(`insert into app.people (name) values ('ANN')`)).rejects.toThrow(/people_name_key/);
  await expect(moved.query(`insert into app.jobs values ('b', 1, 99)`)).rejects.toThrow(/foreign key/);
  await expect(moved.query(`insert into app.people (name) values ('')`)).rejects.toThrow(/people_check/);
  const [fresh] = await moved.query(`insert into app.people (name) values ('New') returning *`);
  expect(fresh).toMatchObject({ id: '1003', active: 't', full: 'New <>', score: '1.5' });
  expect(fresh?.made).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
});
