import { expect, test } from 'vitest';
import { movedFile, moveWhole } from '@/lib/testing/moved-file';

const list = (count: number, write: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => write(i)).join(', ');

test('what is too long by reckoning is tried by the server: what fits is no finding, and for what does not there is no rule that stops the import', {
  timeout: 60_000,
}, async () => {
  const moved = await movedFile(
    'sizes',
    `create table w (${list(1100, (i) => `c${i} int`)}); insert into w values (${list(1100, () => '1')});
    create table m (id integer primary key, ${list(440, (i) => `t${i} text, n${i} int`)}); insert into m values (1, ${list(440, () => `'123456', 7`)});
    create table i (id integer primary key, t text, u text); create index by_t on i (t); create index by_u on i (lower(u)) where id > 0;
    insert into i values (1, replace(hex(zeroblob(4000)), '00', 'a'), null), (2, null, (select group_concat(hex(randomblob(16)), '') from (with recursive c(i) as (select 1 union all select i + 1 from c where i < 300) select i from c)));`,
  );
  const { open } = await moved.findings();
  expect(open.map(({ key, sample, rules }) => [key, sample[0]?.key, rules.map(({ name }) => name)]).sort()).toEqual([
    ['i.by_u.index_row_too_large', '2', ['leave-out-index']],
    ['w.*.no_primary_key', undefined, ['no-key', 'carry-rowid']],
    ['w.*.row_too_wide', 'rowid 1', ['leave-out-rows']],
  ]);
  const rules = [
    { key: 'i.by_u.index_row_too_large', rule: 'leave-out-index' },
    { key: 'w.*.no_primary_key', rule: 'no-key' },
    { key: 'w.*.row_too_wide', rule: 'leave-out-rows' },
  ];
  expect(await moveWhole(moved, rules)).toMatchObject({ open: [], equal: '3', passed: true });
});

test('a primary key too long for its index becomes a unique one over digests, or is left out with what refers to it', async () => {
  const long = `(select group_concat(hex(randomblob(16)), '') from (with recursive c(i) as (select 1 union all select i + 1 from c where i < 300) select i from c))`;
  const moved = await movedFile(
    'long key',
    `create table word (w text primary key, n int); insert into word values ('a', 1), (${long}, 2);
    create table parent (w text, k blob, primary key (w, k)) without rowid; insert into parent values (${long}, x'01');
    create table child (id integer primary key, w text, k blob, foreign key (w, k) references parent); insert into child select 1, w, k from parent;`,
  );
  const { open } = await moved.findings();
  expect(open.map(({ key, count, rules }) => [key, count, rules.map(({ name }) => name)])).toEqual([
    ['parent.parent_pkey.index_row_too_large', 1n, ['leave-out-index']],
    ['word.word_pkey.index_row_too_large', 1n, ['digest-index', 'leave-out-index']],
  ]);
  const rules = [
    { key: 'word.word_pkey.index_row_too_large', rule: 'digest-index' },
    { key: 'parent.parent_pkey.index_row_too_large', rule: 'leave-out-index' },
  ];
  expect(moved.design(rules).notCarried.map(({ table, kind, why }) => [table, kind, why])).toEqual([
    ['child', 'foreign key', 'w, k of parent is no unique key'],
    ['parent', 'primary key', 'left out by rule'],
  ]);
  const { open: then } = await moved.findings(rules);
  expect(then.map(({ key }) => key)).toEqual(['child.w, k → parent.not_carried']);
  rules.push({ key: 'child.w, k → parent.not_carried', rule: 'accept' });
  expect(await moveWhole(moved, rules)).toMatchObject({
    open: [],
    equal: '4',
    unlike: ['0', '0', '0'],
    passed: true,
    differences: [],
  });
  await expect(moved.query(`insert into app.word select w, 3 from app.word where n = 2`)).rejects.toThrow(/word_pkey/);
});
