import { expect, test } from 'vitest';
import { movedFile, moveWhole } from '@/lib/testing/moved-file';

const ofKey = (findings: Awaited<ReturnType<Awaited<ReturnType<typeof movedFile>>['findings']>>['open']) =>
  Object.fromEntries(findings.map((one) => [one.key, one]));

test('a computed value that PostgreSQL cannot compute is found before anything is made, and can be kept as a value', async () => {
  const moved = await movedFile(
    'computed overflow',
    `create table g (id integer primary key, i int, big int as (i * 1000), half int as (i * 4 / 8), "a ""b""" text as (i || 'x'));
    insert into g (id, i) values (1, 5), (2, 9223372036854775807), (3, null);`,
  );
  const found = ofKey((await moved.findings()).open);
  expect(Object.keys(found).sort()).toEqual([
    'g.big.generated_differs',
    'g.big.real_in_integer',
    'g.half.generated_differs',
  ]);
  expect(found['g.big.generated_differs']).toMatchObject({
    count: 1n,
    sample: [{ key: '2' }],
    rules: [{ name: 'keep-values' }],
  });
  const rules = [
    { key: 'g.big.generated_differs', rule: 'keep-values' },
    { key: 'g.big.real_in_integer', rule: 'widen-to-double' },
    { key: 'g.half.generated_differs', rule: 'keep-values' },
  ];
  expect(await moveWhole(moved, rules)).toMatchObject({ open: [], equal: '3', differences: [], passed: true });
  expect(await moved.query('select big, half, "a ""b""" as c from app.g order by id')).toEqual([
    { big: '5000', half: '2', c: '5x' },
    { big: '9.223372036854776e+21', half: '4611686018427387904', c: '9223372036854775807x' },
    { big: null, half: null, c: null },
  ]);
});

test('a computed value that would be another in PostgreSQL is found, whatever the function; the minus of a real is none of them', async () => {
  const moved = await movedFile(
    'computed otherwise',
    `create table g (id integer primary key, r, t text, minus real as (-r), plus real as (+r), size int as (length(t)), abs real as (abs(r)));
    insert into g (id, r, t) values (1, 0.0, 'a'), (2, 0.0 * -1, 'ä'), (3, 1e300, null), (4, null, 'a' || char(0) || 'b'), (5, -2.5, ''), (6, 9e999, '');`,
  );
  const { open } = await moved.findings();
  expect(open.map(({ key, count, sample }) => [key, count, sample[0]?.key]).sort()).toEqual([
    ['g.plus.generated_differs', 1n, '2'],
    ['g.size.generated_differs', 1n, '4'],
    ['g.t.nul_in_text', 1n, '4'],
  ]);
  const rules = [
    { key: 'g.plus.generated_differs', rule: 'keep-values' },
    { key: 'g.size.generated_differs', rule: 'keep-values' },
    { key: 'g.t.nul_in_text', rule: 'strip-nul' },
  ];
  expect(await moveWhole(moved, rules)).toMatchObject({ open: [], equal: '6', differences: [], passed: true });
  const [fresh] = await moved.query(`insert into app.g (id, r, t) values (9, 3, 'x') returning minus, size`);
  expect(fresh).toEqual({ minus: '-3', size: null });
});

test('an answer that changes the design is followed: what it brings about is asked before anything is made', async () => {
  const moved = await movedFile(
    'computed by rule',
    `create table g (id integer primary key, a int, b int, g int as (a || b), h text as (a || b));
    insert into g (id, a, b) values (1, 7, -2), (2, -7, 2), (3, 4, 4);`,
  );
  const rules = [
    { key: 'g.g.not_carried', rule: 'accept' },
    { key: 'g.g.class_differs', rule: 'widen-to-text' },
  ];
  expect(await moveWhole(moved, rules)).toMatchObject({ open: [], equal: '3', differences: [], passed: true });
  expect(await moved.query('select g, h from app.g order by id')).toEqual([
    { g: '7-2', h: '7-2' },
    { g: '-72', h: '-72' },
    { g: '44', h: '44' },
  ]);
});

test('a check or an index that calculates is tried over the rows, also those that only PostgreSQL fails on', async () => {
  const moved = await movedFile(
    'calculating',
    `create table c (id integer primary key, a int, b int, constraint positive check (a * b >= 0), check (a > -1)); create index product on c (a * b);
    create index rest on c (b) where a + 1 > 0; create table fine (id integer primary key, a int, check (a * 2 < 100)); insert into fine values (1, 1);
    insert into c values (1, 5, 6), (2, 9223372036854775807, 2), (3, 9223372036854775807, null), (4, null, 1);`,
  );
  const { open } = await moved.findings();
  expect(
    open.map(({ key, count, sample, rules }) => [key, count, sample[0]?.key, rules.map(({ name }) => name)]).sort(),
  ).toEqual([
    ['c.positive.check_broken', 1n, '2', ['not-valid']],
    ['c.product.index_fails', 1n, '2', ['leave-out-index']],
    ['c.rest.index_fails', 2n, '2', ['leave-out-index']],
  ]);
  const rules = open.map(({ key, rules: [first] }) => ({ key, rule: first?.name ?? '' }));
  expect(await moveWhole(moved, rules)).toMatchObject({ open: [], equal: '5', differences: [], passed: true });
});
