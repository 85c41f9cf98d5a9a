import { expect, test } from 'vitest';
import { movedFile } from '@/lib/testing/moved-file';
import { fixture } from '@/lib/testing/dataplane-fixture';
import { planTables, profileValues, readSource, readTarget, withTarget } from './index';

const rules = [
  { key: 'texts.t.nul_in_text', rule: 'escape-nul' },
  { key: 'texts.t.invalid_utf8', rule: 'escape-bytes' },
  { key: 'texts.t.lone_surrogate', rule: 'escape-bytes' },
];

test('keeps 2^53+1, the ends of int64, -0.0, the smallest double, empty text, NULL, emoji, BOM, U+FFFD, spaces and blobs exactly', async () => {
  const f = await fixture('exact', {
    sqlite: `
      create table v (id integer primary key, i integer, r, t text, b blob, n numeric, at text, u text, ok integer, j text, d text);
      insert into v values
        (1, 9007199254740993, -0.0, '', x'', 12.5, '2024-02-29T23:59:59.123456Z', '0f8fad5b-d9cb-469f-a165-70867728950e', 1, '{"b":1.10,"a":[9007199254740993,1e2]}', '2024-02-29'),
        (2, 9223372036854775807, 5e-324, null, null, null, null, null, null, null, null),
        (3, -9223372036854775808, 1.7976931348623157e308, '😀 é é ', x'00ff00', 1, '0001-01-01T00:00:00+02:00', null, 0, '{}', '1969-12-31'),
        (4, 0, 0.1, char(65279) || 'bom' || char(65533), x'c328', 0.1, '1999-12-31 23:59:59Z', null, 1, '"x"', '9999-12-31'),
        (5, -1, 9e999, ' tab' || char(9) || 'new' || char(10) || ' ', cast('text as bytes' as blob), 100000, '2038-01-19T03:14:08.5+00:00', null, 0, '[]', '2000-01-01')`,
    target: `create table v (id int8 primary key, i int8, r float8, t text, b bytea, n numeric, at timestamptz, u uuid, ok bool, j jsonb, d date)`,
  });
  await f.load();
  const rows =
    await f.sql(`select i::text, encode(float8send(r), 'hex') as r, encode(convert_to(t, 'UTF8'), 'hex') as t, encode(b, 'hex') as b,
    n::text, at::text, u::text, ok::text, j::text, d::text from p.v order by id`);
  expect(rows.map(({ i, r, b, n, ok, d }) => [i, r, b, n, ok, d])).toEqual([
    ['9007199254740993', '8000000000000000', '', '12.5', 'true', '2024-02-29'],
    ['9223372036854775807', '0000000000000001', null, null, null, null],
    ['-9223372036854775808', '7fefffffffffffff', '00ff00', '1', 'false', '1969-12-31'],
    ['0', '3fb999999999999a', 'c328', '0.1', 'true', '9999-12-31'],
    ['-1', '7ff0000000000000', '74657874206173206279746573', '100000', 'false', '2000-01-01'],
  ]);
  const hex = f
    .sqliteCli("select case when t is null then 'NULL' else lower(hex(t)) end from v order by id")
    .split('\n')
    .slice(0, -1);
  expect(rows.map(({ t }) => t ?? 'NULL')).toEqual(hex);
  expect(rows.map(({ at }) => at)).toEqual([
    '2024-02-29 23:59:59.123456+00',
    null,
    '0001-12-31 22:00:00+00 BC',
    '1999-12-31 23:59:59+00',
    '2038-01-19 03:14:08.5+00',
  ]);
  expect(rows[0]).toMatchObject({
    u: '0f8fad5b-d9cb-469f-a165-70867728950e',
    j: '{"a": [9007199254740993, 100], "b": 1.10}',
  });
  expect(await f.diff()).toMatchObject({ equal: '5', differing: '0', missing: '0', extra: '0', notCompared: [] });
});

const dirty = `
  create table texts (id integer primary key, t text);
  insert into texts values (1, 'fine'), (2, 'a' || char(0) || 'b'), (3, cast(x'61ff62' as text)), (4, cast(x'eda080' as text)), (5, char(0)), (6, 'back\\slash');
  create table ints (id integer primary key, n integer, s integer);
  insert into ints values (1, 2147483647, 1), (2, 2147483648, 'toto'), (3, 11500000000, ''), (4, -2147483649, 12.3), (5, null, 7);
  create table unplaced (id integer primary key); create table short (code text, note text); insert into short values ('abcd', 'x'), ('ab', null);
  create table child (id integer primary key, texts_id integer); insert into child values (1, 1), (2, 77), (3, 78), (4, null);
  create view seen as select 1;`;
const target = `
  create table texts (id int8 primary key, t text); create table ints (id int8 primary key, n int4, s int4);
  create table short (code varchar(3) unique, note text not null, extra text not null);
  create table child (id int8 primary key, texts_id int8 references texts (id))`;

test('finds every value, table, column and reference without a place, with exact counts and key samples', async () => {
  const f = await fixture('findings', { sqlite: dirty, target });
  const schema = readSource(f.source, f.scope);
  const goal = await withTarget(f.place.dsn, (client) => readTarget(client, f.place));
  const plan = planTables(schema, goal, f.scope, f.place, []);
  const values = await profileValues({ source: f.source, plan, target: goal, signal: new AbortController().signal });
  const shown = [...plan.findings, ...values]
    .map(({ key, count, sample }) => `${key} ${count} ${sample.map((one) => one.key).join(' ')}`.trim())
    .sort();
  expect(shown).toEqual([
    'child.child_texts_id_fkey.orphan_rows 2 2 3',
    'ints.n.integer_out_of_range 3 2 3 4',
    'ints.s.class_differs 1 2',
    'ints.s.empty_text 1 3',
    'ints.s.real_in_integer 1 4',
    'seen.*.object_not_moved 1',
    'short.code.too_long 1 rowid 1',
    'short.extra.target_column_without_source 1',
    'short.note.null_in_not_null 1 rowid 2',
    'texts.t.invalid_utf8 1 3',
    'texts.t.lone_surrogate 1 4',
    'texts.t.nul_in_text 2 2 5',
    'unplaced.*.table_without_target 1',
  ]);
});

test('refuses an import with an open finding and leaves the target as it was; a chosen rule is applied on both sides of the row diff', async () => {
  const f = await fixture('rules', {
    sqlite: dirty.split(';').slice(0, 2).join(';'),
    target: 'create table texts (id int8 primary key, t text)',
  });
  await expect(f.load()).rejects.toMatchObject({
    code: 'finding_open',
    facts: { findings: ['texts.t.nul_in_text', 'texts.t.invalid_utf8', 'texts.t.lone_surrogate'] },
  });
  expect(await f.sql('select count(*) from p.texts')).toEqual([{ count: '0' }]);
  await f.load({ rules });
  expect((await f.sql('select t from p.texts order by id')).map(({ t }) => t)).toEqual([
    'fine',
    'a\\u0000b',
    'a\\xffb',
    '\\xed\\xa0\\x80',
    '\\u0000',
    'back\\slash',
  ]);
  expect(await f.diff(rules)).toMatchObject({ equal: '6', differing: '0' });
  expect(await f.diff()).toMatchObject({ equal: '2', differing: '4' });
});

test('widens an integer column by rule, once, and keeps the finding seen', async () => {
  const f = await fixture('widen', {
    sqlite: 'create table t (id integer primary key, hearts integer); insert into t values (1, 11500000000), (2, 5)',
    target: 'create table t (id int4 primary key, hearts int4)',
  });
  const widen = [{ key: 't.hearts.integer_out_of_range', rule: 'widen-to-bigint' }];
  expect(await f.load({ rules: widen })).toMatchObject({
    altered: ['alter table "p"."t" alter column "hearts" type bigint'],
    rows: '2',
  });
  expect(await f.sql('select hearts::text as h from p.t order by id')).toEqual([{ h: '11500000000' }, { h: '5' }]);
  expect(await f.load({ rules: widen })).toMatchObject({ altered: [], batches: 0, resumedBatches: 1 });
});

test('the last id there can be is a finding, and its sequence is said to be at its end', async () => {
  const f = await fixture('last id', {
    sqlite:
      'create table t (id integer primary key, v text); insert into t values (1, null), (9223372036854775807, null)',
    target: 'create table t (id int8 generated by default as identity primary key, v text)',
  });
  const goal = await withTarget(f.place.dsn, (client) => readTarget(client, f.place));
  const plan = planTables(readSource(f.source, f.scope), goal, f.scope, f.place, []);
  const { signal } = new AbortController();
  const findings = await profileValues({ source: f.source, plan, target: goal, signal });
  expect(findings).toMatchObject([{ key: 't.id.identity_headroom', blocking: true, rules: [{ name: 'accept' }] }]);
  expect(findings[0]?.message).toContain('holds 9223372036854775807, the last id of bigint: its sequence has no next');
  const report = await f.load({ rules: [{ key: 't.id.identity_headroom', rule: 'accept' }] });
  expect(report.sequences).toMatchObject([{ max: '9223372036854775807', next: 'none is left', passed: true }]);
  await expect(f.sql('insert into p.t (v) values (null)')).rejects.toThrow(/reached maximum value/);
});

test('a sequence that ends before the keys it is for is not called beyond them', async () => {
  const f = await fixture('short sequence', {
    sqlite: 'create table t (id integer primary key, v text); insert into t values (100, null)',
    target: "create sequence short maxvalue 100; create table t (id int8 primary key default nextval('short'), v text)",
  });
  await f.sql('alter sequence p.short owned by p.t.id');
  const report = await f.load();
  expect(report.sequences).toMatchObject([{ max: '100', next: 'none is left', passed: false }]);
});

test('a key of a given target that others refer to is not widened, and the finding says why', async () => {
  const f = await fixture('given key', {
    sqlite: `create table a (id text primary key); create table b (k integer primary key, a text references a (id));
      insert into a values ('zz'); insert into b values (8, 'zz')`,
    target:
      'create table a (id int4 primary key); create table b (k int4 primary key, a int4 not null references a (id))',
  });
  const goal = await withTarget(f.place.dsn, (client) => readTarget(client, f.place));
  const plan = planTables(readSource(f.source, f.scope), goal, f.scope, f.place, []);
  const { signal } = new AbortController();
  const found = await profileValues({ source: f.source, plan, target: goal, signal });
  expect(found).toMatchObject([
    {
      key: 'a.id.class_differs',
      rules: [],
      message: expect.stringMatching(/No rule changes the type of a\.id, since b\.a goes with it/),
    },
    {
      key: 'b.a.class_differs',
      rules: [],
      message: expect.stringMatching(/No rule changes the type of b\.a, since a\.id goes/),
    },
  ]);
});

test('a finding tells every storage class of its values, and each of them to its last digit', async () => {
  const moved = await movedFile(
    'told digits',
    `create table t (id integer primary key, a text, b); insert into t values (1, 'x', 'x'), (2, 'y', 2), (3, 'z', 9223372036854775808), (4, 'z', 1.5), (5, 'z', x'00');`,
  );
  const { all } = await moved.findings();
  expect(all.map(({ key, message, sample }) => [key, message, sample.map(({ value }) => value)])).toEqual([
    [
      't.b.class_differs',
      't.b holds values stored as integer or real where the target has text. The column holds 2 real, 1 blob, 1 integer, 1 text.',
      ['2', '9223372036854775808 (as text 9223372036854776000.0)', '1.5'],
    ],
    ['t.b.blob_in_text', expect.stringMatching(/^t\.b holds blobs/), ['blob 00']],
  ]);
});
