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
