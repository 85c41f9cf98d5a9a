import { expect, it } from 'vitest';
import { testDatabase } from '@/lib/testing/databases';
import { compareSchemas, targetPlace, withTarget } from './index';

it('finds what a live schema has gained, lost and changed since another stood in its place, and names what it cannot compare', async () => {
  const { dsn } = await testDatabase('schemas');
  const make = (name: string) => `create schema ${name};
    create table ${name}.t (id int8 primary key, note text, extra jsonb);
    create table ${name}.pairs (a int, b text, v numeric, primary key (a, b));
    create table ${name}.keyless (id int);
    insert into ${name}.t select i, 'row ' || i, null from generate_series(1, 100) i;
    insert into ${name}.pairs values (1, 'x', 1.50), (1, 'y', null);`;
  await withTarget(dsn, async (client) => {
    for (const name of ['"be fore"', 'live']) await client.query(make(name));
    await client.query(`create table live.newer (id int primary key);
      insert into live.t values (9007199254740993, 'ü new', '{"a": 1}'); delete from live.t where id = 5;
      update live.t set note = null where id = 7; update live.pairs set v = 1.5 where b = 'x'`);
  });
  const found = await compareSchemas(targetPlace(dsn, 'me', { schema: 'live' }), 'be fore');
  expect(found).toMatchObject({ equal: '99', differing: '2', missing: '1', extra: '1' });
  expect(found.notCompared.map((text) => text.split(':')[0]).sort()).toEqual(['keyless', 'newer']);
  const rows = found.sample.map(({ table, key, kind, cells }) => [
    `${table} ${key} ${kind}`,
    cells.map(({ column, source, target }) => `${column} ${source?.text ?? null} ${target?.text ?? null}`).join('; '),
  ]);
  expect(Object.fromEntries(rows)).toEqual({
    't id=9007199254740993 extra': 'id null 9007199254740993; note null ü new; extra null {"a": 1}',
    't id=5 missing': 'id 5 null; note row 5 null; extra null null',
    't id=7 differing': 'note row 7 null',
    'pairs a=1, b=x differing': 'v 1.50 1.5',
  });
});
