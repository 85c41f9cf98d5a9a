import { expect, test } from 'vitest';
import { fixture } from '@/lib/testing/dataplane-fixture';
import { damageRow } from './damage-row';

test('damages a row that this cutover has loaded, whatever rules its tables have, and a row diff finds exactly that one', async () => {
  const f = await fixture('damage', {
    sqlite: `create table job (id text primary key, state text, note text); create table plain (id integer primary key, n integer);
      insert into job values ('a', 'queued', 'one'), ('b', 'done', 'two'); insert into plain values (1, 2)`,
    target: `create table job (id text primary key, state text check (state in ('queued', 'done')), note varchar);
      create table plain (id int8 primary key, n int8);
      create table stranger (id int8 primary key, words text); insert into stranger select i, repeat('w', 500) from generate_series(1, 500) i`,
  });
  await f.load();
  expect(await damageRow(f.place, 'another cutover')).toBeNull();
  expect(await damageRow(f.place, 'cutover')).toMatchObject({ table: 'job', column: 'note' });
  expect(await f.diff()).toMatchObject({ differing: '1', missing: '0', extra: '0' });
  expect(await f.sql('select count(*) as n from p.stranger where words like $$%damaged%$$')).toEqual([{ n: '0' }]);
});
