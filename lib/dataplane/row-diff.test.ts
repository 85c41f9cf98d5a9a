import { expect, test } from 'vitest';
import { codeOf, fixture } from '@/lib/testing/dataplane-fixture';
import { repairRows } from './index';

const nfc = '\u00e9';
const nfd = 'e\u0301';
const keyed = {
  sqlite: `create table v (me text not null, id text not null, i integer, r, t text, b blob, at text, j text, primary key (me, id));
    with recursive c(i) as (select 1 union all select i + 1 from c where i < 3000)
    insert into v select 'me', 'Key-' || i || case when i % 7 = 0 then 'ä😀' else '' end, i, i / 3.0, 'text ' || i, cast('blob ' || i as blob), '2026-01-01T00:00:00Z', '{"a":' || i || '}' from c;
    update v set r = -0.0, t = '' where i = 11; update v set t = null where i = 12; update v set t = '${nfc}' where i = 13; update v set t = 'a' || char(10) where i = 14;`,
  target: `create table v (me text not null, id text not null, i int8, r float8, t text, b bytea, at timestamptz, j jsonb, primary key (me, id))`,
  scopeColumn: 'me',
};

const plants: [string, string, 'differing' | 'missing' | 'extra', number][] = [
  ['one bit of a blob', 'update p.v set b = set_byte(b, 0, get_byte(b, 0) # 1) where i = 1', 'differing', 1],
  ['one off an integer', 'update p.v set i = i + 1 where i = 2999', 'differing', 1],
  ['-0.0 against 0.0', 'update p.v set r = 0 where i = 11', 'differing', 1],
  ['one unit in the last place', 'update p.v set r = 0.33333333333333337 where i = 1', 'differing', 1],
  ['a trailing space', "update p.v set t = t || ' ' where i = 20", 'differing', 1],
  ['NULL against empty', 'update p.v set t = null where i = 11', 'differing', 1],
  ['empty against NULL', "update p.v set t = '' where i = 12", 'differing', 1],
  ['NFD against NFC', `update p.v set t = '${nfd}' where i = 13`, 'differing', 1],
  ['a newline gone', "update p.v set t = 'a' where i = 14", 'differing', 1],
  ['one microsecond', "update p.v set at = at + interval '1 microsecond' where i = 30", 'differing', 1],
  ['a number’s scale inside jsonb', `update p.v set j = '{"a": 1.0}' where i = 1`, 'differing', 1],
  [
    'two rows swapped',
    "update p.v set t = 'text ' || (case i when 40 then 41 else 40 end) where i in (40, 41)",
    'differing',
    2,
  ],
  ['the first row gone', 'delete from p.v where id = (select min(id collate "C") from p.v)', 'missing', 1],
  ['the last row gone', 'delete from p.v where id = (select max(id collate "C") from p.v)', 'missing', 1],
  ['a row too many', "insert into p.v select me, id || 'x', i from p.v where i = 50", 'extra', 1],
];

test('finds each of a list of single changes, shows the cells, and gives no false alarm before and after', {
  timeout: 60_000,
}, async () => {
  const f = await fixture('plants', keyed);
  await f.load();
  const clean = await f.diff();
  expect(clean).toMatchObject({ equal: '3000', differing: '0', missing: '0', extra: '0', notCompared: [] });
  for (const [what, sql, kind, count] of plants) {
    await f.sql(`create table p_kept as select * from p.v`.replace('p_kept', 'public.kept'));
    await f.sql(sql);
    const found = await f.diff();
    expect({ what, found: found[kind], sample: found.sample.length }).toEqual({
      what,
      found: String(count),
      sample: count,
    });
    expect(BigInt(found.equal) + BigInt(found.differing) + BigInt(found.missing)).toBe(3000n);
    await f.sql('delete from p.v; insert into p.v select * from public.kept; drop table public.kept');
  }
  expect(await f.diff()).toMatchObject({ equal: '3000', digest: clean.digest });
});

test('a changed key is one missing and one extra row; a cell is shown with its invisible characters', async () => {
  const f = await fixture('cells', keyed);
  await f.load();
  await f.sql("update p.v set id = 'Key-1 ' where id = 'Key-1'; update p.v set t = t || '\u200b' where i = 2");
  const { missing, extra, sample } = await f.diff();
  expect([missing, extra]).toEqual(['1', '1']);
  expect(sample.map(({ kind, key }) => [kind, key])).toEqual([
    ['missing', 'Key-1'],
    ['extra', 'Key-1 '],
    ['differing', 'Key-2'],
  ]);
  expect(sample[2]?.cells).toEqual([
    {
      column: 't',
      source: { text: 'text 2', type: 'text', bytesHex: '746578742032', differs: 'nothing at character 6' },
      target: { text: 'text 2\u200b', type: 'text', bytesHex: '746578742032e2808b', differs: 'U+200B at character 6' },
    },
  ]);
});

const keyless = {
  sqlite:
    "create table bag (a, b text); insert into bag values (1, 'x'), (1, 'x'), (2, null), (0.5, ''); create table odd (k real primary key, v text); insert into odd values (1.5, 'a'), (-2.5, 'b'), (1e300, 'c');",
  target: 'create table bag (a float8, b text); create table odd (k float8 primary key, v text)',
};

test('compares tables without a key as multisets, and keys without a common order by digest', async () => {
  const f = await fixture('bags', keyless);
  await f.load();
  expect(await f.diff()).toMatchObject({ equal: '7', differing: '0', missing: '0', extra: '0' });
  await f.sql(
    "delete from p.bag where ctid = (select min(ctid) from p.bag where b = 'x'); insert into p.bag values (2, null); update p.odd set v = 'z' where k < 0",
  );
  const found = await f.diff();
  expect(found).toMatchObject({ equal: '5', differing: '1', missing: '1', extra: '1' });
  expect(found.sample.map(({ table, kind, key }) => `${table} ${kind} ${key}`)).toEqual([
    'bag extra (row without a key)',
    'bag missing (row without a key)',
    'odd differing -2.5',
  ]);
});

const repairOf = (f: Awaited<ReturnType<typeof fixture>>, epoch = 2, rules: { key: string; rule: string }[] = []) =>
  repairRows({
    source: f.source,
    scope: f.scope,
    place: f.place,
    rules,
    holdsAt: 'test',
    signal: new AbortController().signal,
    cutoverId: 'cutover',
    epoch,
  });

test('repairs exactly the rows that differ, with and without keys, and the ledger still explains the target', async () => {
  const f = await fixture('repair', keyless);
  await f.load();
  f.sqlite(
    "insert into bag values (9, 'new'), (2, null); delete from bag where a = 0.5; update odd set v = 'changed' where k = 1.5; delete from odd where k = -2.5; insert into odd values (7, 'n')",
  );
  expect(await repairOf(f)).toMatchObject({ inserted: '3', updated: '1', deleted: '2' });
  expect(await f.diff()).toMatchObject({ equal: '8', differing: '0', missing: '0', extra: '0' });
  expect(await repairOf(f, 3)).toMatchObject({ inserted: '0', updated: '0', deleted: '0', tables: [] });
  expect(await f.load({ epoch: 4, sourceDigest: 'next' })).toMatchObject({ rows: '8' });
});

test('repairs swapped unique values and rows with children, in one transaction', async () => {
  const f = await fixture('swap', {
    sqlite: `create table par (id integer primary key, name text unique); insert into par values (1, 'a'), (2, 'b'), (3, 'c');
      create table kid (id integer primary key, par integer references par (id)); insert into kid values (1, 1), (2, 3);`,
    target:
      'create table par (id int8 primary key, name text unique); create table kid (id int8 primary key, par int8 references par (id))',
  });
  await f.load();
  f.sqlite(
    "update par set name = null; update par set name = 'b' where id = 1; update par set name = 'a' where id = 2; insert into par values (4, 'd'); update kid set par = 4 where id = 2; delete from par where id = 3",
  );
  await repairOf(f);
  expect(await f.diff()).toMatchObject({ equal: '5', differing: '0', missing: '0', extra: '0' });
});

test('repairs nothing when a new value does not fit, and nothing under an overtaken epoch', async () => {
  const f = await fixture('unfit', {
    sqlite: "create table t (id integer primary key, x text); insert into t values (1, 'a')",
    target: 'create table t (id int8 primary key, x text)',
  });
  await f.load({ epoch: 5 });
  f.sqlite("insert into t values (2, 'b'), (3, 'nul' || char(0))");
  expect(await codeOf(() => repairOf(f, 6))).toBe('value_not_storable');
  expect(await codeOf(() => repairOf(f, 4))).toBe('attempt_lost');
  expect(await f.diff()).toMatchObject({ equal: '1', missing: '2' });
});

test('moves only the profile’s rows of a shared table and touches no other', async () => {
  const f = await fixture('shared', {
    sqlite:
      "create table sources (me text primary key, label text); insert into sources values ('me', 'mine'), ('you', 'theirs')",
    target:
      "create table public.sources (me text primary key, label text, extra int default 7); insert into public.sources values ('you', 'kept', 1), ('me', 'old', 2)",
    scopeColumn: 'me',
    sharedTables: { sources: 'me' },
  });
  await f.load();
  expect(await f.sql('select me, label, extra from public.sources order by me')).toEqual([
    { me: 'me', label: 'mine', extra: '2' },
    { me: 'you', label: 'kept', extra: '1' },
  ]);
  expect(await f.diff()).toMatchObject({
    equal: '1',
    differing: '0',
    missing: '0',
    extra: '0',
    notCompared: ['sources.extra: target column without a source, filled by its default'],
  });
});
