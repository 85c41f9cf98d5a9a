import { expect, test } from 'vitest';
import { movedFile, moveWhole } from '@/lib/testing/moved-file';

test('a column that keeps its values but not the type it declares is told, and can have that type where every value fits it', async () => {
  const moved = await movedFile(
    'declared types',
    `create table t (id integer primary key, a boolean default 't', b boolean, c boolean, d date, e datetime default current_timestamp, f timestamp, g datetime, h datetime, i time);
    insert into t values (1, 't', 'yes', 2, '2024-02-29', '2024-01-02 03:04:05', '2024-01-02T03:04:05.120Z', '2024-02-30 00:00:00', 1700000000, '12:00:00'),
      (2, 1, 'perhaps', 0, '0001-01-01', '2024-01-02T03:04:05.5', '2024-01-02 03:04:05Z', '2024-01-01 00:00:00', null, null),
      (3, 'FALSE', null, null, null, null, null, '2024-01-01 24:00:00', null, null);`,
  );
  const { all, open } = await moved.findings();
  expect(open.map(({ key }) => key)).toEqual(['t.a.class_differs']);
  const told = all.filter(({ code }) => code === 'declared_type_differs');
  expect(
    told.map(({ column, count, rules, sample }) => [column, count, rules.map(({ name }) => name), sample[0]?.value]),
  ).toEqual([
    ['a', 3n, ['as-boolean'], 't'],
    ['b', 2n, [], 'yes'],
    ['c', 2n, [], '2'],
    ['d', 2n, ['as-date'], '2024-02-29'],
    ['e', 2n, ['as-timestamp'], '2024-01-02 03:04:05'],
    ['f', 2n, ['as-timestamptz'], '2024-01-02T03:04:05.120Z'],
    ['g', 3n, [], '2024-02-30 00:00:00'],
    ['h', 1n, [], '1700000000'],
    ['i', 1n, [], '12:00:00'],
  ]);
  expect(told[0]?.message).toMatch(/t\.a is declared boolean and arrives as text/);
  const rules = [
    { key: 't.a.class_differs', rule: 'convert-exact' },
    ...told.flatMap(({ key, rules: [first] }) => (first ? [{ key, rule: first.name }] : [])),
  ];
  expect(await moveWhole(moved, rules)).toMatchObject({ open: [], equal: '3', differences: [], passed: true });
  expect(await moved.query('select a, d, e, f from app.t order by id')).toEqual([
    { a: 't', d: '2024-02-29', e: '2024-01-02 03:04:05', f: '2024-01-02 03:04:05.12+00' },
    { a: 't', d: '0001-01-01', e: '2024-01-02 03:04:05.5', f: '2024-01-02 03:04:05+00' },
    { a: 'f', d: null, e: null, f: null },
  ]);
  const [fresh] = await moved.query(
    `insert into app.t (id) values (9) returning a, e <= now() at time zone 'utc' as past`,
  );
  expect(fresh).toEqual({ a: 't', past: 't' });
});

test('texts beside blobs are a question where the target is made here: they stay apart as hex, or become bytes by a person’s word', async () => {
  const moved = await movedFile(
    'texts beside blobs',
    `create table t (id integer primary key, b blob, c blob, d blob); insert into t values (1, '', '\\x00', 'only'), (2, x'', x'00', 'text'), (3, 'abc', null, null), (4, x'616263', null, null);`,
  );
  const { open } = await moved.findings();
  expect(open.map(({ key, count, rules }) => [key, count, rules.map(({ name }) => name)])).toEqual([
    ['t.b.text_among_bytes', 2n, ['widen-to-text-hex', 'accept']],
    // A text that a blob in hex would look like.
    ['t.c.text_among_bytes', 1n, ['accept']],
  ]);
  const rules = [
    { key: 't.b.text_among_bytes', rule: 'widen-to-text-hex' },
    { key: 't.c.text_among_bytes', rule: 'accept' },
  ];
  expect(await moveWhole(moved, rules)).toMatchObject({ open: [], equal: '4', differences: [], passed: true });
  expect((await moved.query('select b from app.t order by id')).map(({ b }) => b)).toEqual([
    '',
    '\\x',
    'abc',
    '\\x616263',
  ]);
});

test('a column that a rule has made bytes is no second question', async () => {
  const moved = await movedFile(
    'made bytes',
    `create table t (id integer primary key, b); insert into t values (1, 'text'), (2, x'ff');`,
  );
  const rules = [{ key: 't.b.blob_in_text', rule: 'widen-to-bytea' }];
  expect(await moveWhole(moved, rules)).toMatchObject({ open: [], equal: '2', passed: true });
});

test('a column that is declared a number and holds only texts is told; one that SQLite merely takes for a number is not', async () => {
  const moved = await movedFile(
    'declared numbers',
    "create table t (id integer primary key, n int, m decimal(9,2), p point, i int); insert into t values (1, 'x', 'y', 'z', 7)",
  );
  const { all } = await moved.findings();
  expect(all.map(({ key, blocking, message }) => [key, blocking, message.split(':')[0]])).toEqual([
    ['t.n.declared_type_differs', false, 't.n is declared INT and arrives as text, since SQLite holds texts there'],
    ['t.m.declared_type_differs', false, expect.stringContaining('decimal(9,2) and arrives as text')],
  ]);
});
