import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { codeOf } from '@/lib/testing/dataplane-fixture';
import { tempDir } from '@/lib/testing/databases';
import { liftFence, readFence, takeFence } from './fence';
import { otherSourceIds, readSource } from './read-source';
import { sourceScope } from './scope';
import { snapshotSqlite, verifySnapshot } from './sqlite-snapshot';

const scope = sourceScope('a_1', { scope_column: 'who', scope_columns: { sources: 'id' } });
const signal = new AbortController().signal;

/** Two profiles in one WAL file, with full text, a view, awkward names and no row checkpointed. */
function makeFile(): { path: string; dir: string; allowedRoots: string[]; db: Database.Database } {
  const dir = tempDir('sqlite');
  const path = join(dir, 'app.sqlite');
  const db = new Database(path);
  onTestFinished(() => {
    db.close();
  });
  db.pragma('journal_mode = WAL');
  db.pragma('wal_autocheckpoint = 0');
  db.exec(`
    create table sources (id text primary key, label text);
    create table items (who text not null, id text not null, n integer, primary key (who, id));
    create table "odd ""name" (who text, "a.b" integer, total integer generated always as (n * 2) virtual, n integer);
    create table kids (who text, id integer primary key autoincrement, item text, foreign key (who, item) references items (who, id) on delete cascade) strict;
    create view seen as select * from items;
    create virtual table words using fts5(body, content='');
    insert into sources values ('a_1', 'A'), ('a-1', 'B');
    insert into items values ('a_1', 'x', 1), ('a_1', 'y', 2), ('a-1', 'x', 3);
    insert into kids (who, item) values ('a_1', 'x'), ('a-1', 'x');
    insert into "odd ""name" (who, "a.b", n) values ('a_1', 1, 4), ('a-1', 2, 5);`);
  return { path, dir, allowedRoots: [dir], db };
}

test('reads tables, keys, generated columns and extras as they are, and says who else lives in the file', () => {
  const f = makeFile();
  const schema = readSource(f, scope);
  expect(schema.tables.map(({ name, primaryKey, scopeColumn }) => [name, primaryKey, scopeColumn])).toEqual([
    ['items', ['who', 'id'], 'who'],
    ['kids', ['id'], 'who'],
    ['odd "name', [], 'who'],
    ['sources', ['id'], 'id'],
  ]);
  expect(schema.tables[2]?.columns.map(({ name, generated }) => [name, generated])).toEqual([
    ['who', false],
    ['a.b', false],
    ['total', true],
    ['n', false],
  ]);
  expect(schema.tables[1]).toMatchObject({
    strict: true,
    foreignKeys: [{ columns: ['who', 'item'], table: 'items', references: ['who', 'id'] }],
  });
  expect(schema.extras.filter(({ type }) => type !== 'shadow').map(({ name, type }) => [name, type])).toEqual([
    ['seen', 'view'],
    ['words', 'virtual'],
  ]);
  expect(schema.extras.filter(({ type }) => type === 'shadow').length).toBeGreaterThan(2);
  expect(otherSourceIds(f, scope)).toEqual(['a-1']);
});

test('refuses what must not be opened, says why, and creates nothing', async () => {
  const f = makeFile();
  const at = (name: string) => ({ path: join(f.dir, name), allowedRoots: f.allowedRoots, busySeconds: 0.2 });
  const read = (location: { path: string; allowedRoots: string[] }) => codeOf(() => readSource(location, scope));
  writeFileSync(at('empty').path, '');
  writeFileSync(at('text').path, 'no database at all, but long enough to look at');
  symlinkSync(f.path, at('link').path);
  mkdirSync(at('folder').path);
  expect(await read(at('missing'))).toBe('source_missing');
  expect(await codeOf(() => readFileSync(at('missing').path))).toBe('ENOENT');
  expect(await read(at('empty'))).toBe('source_empty');
  expect(await read(at('text'))).toBe('source_not_a_database');
  expect(await read(at('link'))).toBe('source_forbidden');
  expect(await read(at('folder'))).toBe('source_forbidden');
  expect(await read({ path: f.path, allowedRoots: [join(f.dir, 'folder')] })).toBe('source_forbidden');
  expect(await read({ path: f.path, allowedRoots: [f.dir.slice(0, -1)] })).toBe('source_forbidden');
});

test('says who holds a locked file, and names damage', async () => {
  const f = makeFile();
  f.db.pragma('journal_mode = DELETE');
  const path = join(f.dir, 'damaged');
  f.db.exec(
    "with recursive c(i) as (select 1 union all select i + 1 from c where i < 5000) insert into items select 'a_1', 'k' || i, i from c",
  );
  copyFileSync(f.path, path);
  const holder = spawn(
    process.execPath,
    [
      '-e',
      `const d = new (require('better-sqlite3'))(${JSON.stringify(f.path)}); d.exec('begin exclusive'); process.stdout.write('held'); setInterval(() => {}, 1000)`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => {
    holder.kill('SIGKILL');
  });
  await new Promise((resolve) => holder.stdout.once('data', resolve));
  const locked = { path: f.path, allowedRoots: f.allowedRoots, busySeconds: 0.2 };
  expect(() => readSource(locked, scope)).toThrowError(
    expect.objectContaining({ code: 'source_locked', facts: expect.objectContaining({ pids: [holder.pid] }) }),
  );
  const fd = openSync(path, 'r+');
  for (let page = 3; page < 12; page += 1) writeSync(fd, Buffer.alloc(2000, 0xee), 0, 2000, page * 4096);
  const proof = await verifySnapshot({ snapshot: { path, allowedRoots: f.allowedRoots }, scope, signal }).catch(
    (thrown) => thrown,
  );
  expect(proof.code === 'source_damaged' || proof.integrity.length > 0).toBe(true);
});

test('snapshots a live WAL database with a writer at work: one state, whole, in one file, proven in the copy', {
  timeout: 40_000,
}, async () => {
  const f = makeFile();
  f.db.exec(
    "create table ticks (who text, n integer); with recursive c(i) as (select 1 union all select i + 1 from c where i < 60000) insert into items select 'a-1', 'k' || i, i from c",
  );
  const writer = spawn(
    process.execPath,
    [
      '-e',
      `const d = new (require('better-sqlite3'))(${JSON.stringify(f.path)}); d.pragma('busy_timeout = 5000');
    const two = d.transaction((n) => { d.prepare("insert into ticks values ('a_1', ?)").run(n); d.prepare("insert into ticks values ('a-1', ?)").run(n); });
    let n = 0; process.stdout.write('go'); setInterval(() => { for (let i = 0; i < 20; i += 1) two(n++); }, 1)`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => {
    writer.kill('SIGKILL');
  });
  await new Promise((resolve) => writer.stdout.once('data', resolve));
  const to = join(f.dir, 'kept', 'snap.sqlite');
  for (let round = 0; round < 3; round += 1) {
    const snapshot = await snapshotSqlite({ source: f, to, signal });
    const proof = await verifySnapshot({
      snapshot: { path: to, allowedRoots: f.allowedRoots },
      scope,
      sha256: snapshot.sha256,
      signal,
    });
    expect(proof).toMatchObject({ passed: true, integrity: [], foreignKeyViolations: [], sha256: snapshot.sha256 });
    const ticks = proof.tables.find(({ table }) => table === 'ticks');
    expect(Number(ticks?.scoped) * 2).toBe(Number(ticks?.rows));
    expect(proof.tables.find(({ table }) => table === 'items')).toMatchObject({ rows: '60003', scoped: '2' });
  }
  const stop = new AbortController();
  stop.abort(new Error('cancelled'));
  await expect(snapshotSqlite({ source: f, to: join(f.dir, 'none.sqlite'), signal: stop.signal })).rejects.toThrow(
    'cancelled',
  );
  expect(await codeOf(() => readFileSync(join(f.dir, 'none.sqlite')))).toBe('ENOENT');
});

test('references that no key of the parent covers stop no proof of a copy, and the other references are still counted', async () => {
  const dir = tempDir('mismatch');
  const path = join(dir, 'app.sqlite');
  const db = new Database(path);
  db.pragma('foreign_keys = off');
  db.exec(`create table p (id int, n text); create table c (id integer primary key, p int references p (id));
    create table pair (a int, b int, primary key (a, b)); create table half (id integer primary key, a int references pair (a));
    create view seen as select id from p; create table looks (id integer primary key, s int references seen (id));
    create table whole (id integer primary key); create table kid (id integer primary key, w int references whole);
    insert into c values (1, 9); insert into half values (1, 9); insert into looks values (1, 9); insert into kid values (1, 9)`);
  db.close();
  const location = { path, allowedRoots: [dir] };
  expect(await verifySnapshot({ snapshot: location, scope: sourceScope('app', {}), signal })).toMatchObject({
    passed: true,
    foreignKeyViolations: [{ table: 'kid', count: '1' }],
  });
});

test('the fence stops every kind of write to this profile’s rows from any process, and none of a neighbour’s', () => {
  const f = makeFile();
  const before = readSource(f, scope).fingerprint;
  const other = new Database(f.path);
  other.pragma('foreign_keys = ON');
  onTestFinished(() => {
    other.close();
  });
  const update = other.prepare("update items set n = 0 where who = 'a_1' and id = 'x'");
  expect(takeFence(f, scope)).toMatchObject({ state: 'complete', unguarded: ['words'], missing: [] });
  expect(takeFence(f, scope).triggers).toHaveLength(12);
  const refused = [
    "insert into items values ('a_1', 'z', 1)",
    "insert or replace into items values ('a_1', 'x', 9)",
    "insert or ignore into items values ('a_1', 'new', 9)",
    "insert into items values ('a_1', 'x', 9) on conflict do update set n = 9",
    "delete from items where who = 'a_1'",
    'delete from items',
    "update items set who = 'a_1', id = 'moved' where who = 'a-1'",
    "update items set who = 'a-1', id = 'away' where who = 'a_1'",
    "update sources set label = 'x' where id = 'a_1'",
    `update "odd ""name" set n = 1 where who = 'a_1'`,
    "insert into kids (who, item) values ('a_1', 'x')",
  ];
  for (const sql of refused) expect(() => other.exec(sql), sql).toThrow('cutover fence');
  expect(() => update.run()).toThrow('cutover fence');
  other.exec(`insert into items values ('a-1', 'z', 1); update items set n = 5 where who = 'a-1'; delete from items where who = 'a-1' and id = 'z'; update sources set label = 'y' where id = 'a-1';
    insert or replace into items values ('a-1', 'x', 8); insert into items values ('A_1', 'case', 1); insert into kids (who, item) values ('a-1', 'x')`);
  expect(readFence(f, scope).state).toBe('complete');
  expect(readSource(f, scope).fingerprint).toBe(before);
  other.exec(`drop trigger "${readFence(f, scope).triggers[0]}"`);
  expect(readFence(f, scope).state).toBe('partial');
  expect(liftFence(f, scope)).toMatchObject({ state: 'absent', triggers: [] });
  other.exec("update items set n = 1 where who = 'a_1'");
  expect(other.prepare("select count(*) from sqlite_schema where name like 'cutover%'").pluck().get()).toBe(0);
});

test('the fence waits for an open writer, and is refused where it would stop others', async () => {
  const f = makeFile();
  f.db.exec('begin immediate');
  expect(await codeOf(() => takeFence({ ...f, busySeconds: 0.2 }, scope))).toBe('source_locked');
  f.db.exec('commit');
  f.db.exec('create table settings (name text primary key)');
  expect(await codeOf(() => takeFence(f, scope))).toBe('fence_would_stop_others');
  expect(readFence(f, scope).state).toBe('absent');
  expect(takeFence(f, scope, ['items', 'sources']).triggers).toHaveLength(6);
});
