import { expect, test } from 'vitest';
import { movedFile, moveWhole } from '@/lib/testing/moved-file';

const shop = `create table makers (id integer primary key, name text not null);
  create table goods (id integer primary key, maker int references makers (id), title text not null, note text);
  create index by_title on goods (title); insert into makers values (1, 'a'); insert into goods values (1, 1, 'x', 'n'), (2, 1, 'y', null)`;

test('a row diff names what stands beside the rows: stray rows, dropped keys, indexes and NOT NULL, a trigger', async () => {
  const moved = await movedFile('catalog', shop);
  expect(await moveWhole(moved)).toMatchObject({ unlike: ['0', '0', '0'], passed: true });
  const clean = await moved.diff();
  expect([clean.notCompared, clean.catalog]).toEqual([[], { differences: [], reviewed: false }]);
  await moved.query(`create table app.stray (id int); insert into app.stray values (1); drop index app.by_title;
    alter table app.goods alter column title drop not null, drop constraint goods_maker_fkey;
    create function app.rewrite() returns trigger language plpgsql as $$ begin new.note := 'other'; return new; end $$;
    create trigger rewrite before insert on app.goods for each row execute function app.rewrite()`);
  const found = await moved.diff();
  expect(found).toMatchObject({ equal: '3', differing: '0', missing: '0', extra: '0' });
  expect(found.notCompared).toEqual([expect.stringContaining('table stray of the target')]);
  const told = found.catalog?.differences.join('\n') ?? '';
  for (const words of [
    /foreignKeys \S+ is missing/,
    /indexes by_title is missing/,
    /columns title is/,
    /triggers rewrite is not expected/,
    /table stray is not expected/,
  ])
    expect(told).toMatch(words);
});

test('a dropped column or table is told, and the rest is compared', async () => {
  const moved = await movedFile('catalog-dropped', shop);
  await moveWhole(moved);
  await moved.query('alter table app.goods drop column note; update app.goods set title = title || $$ $$ where id = 2');
  const found = await moved.diff();
  expect(found).toMatchObject({ equal: '2', differing: '1', missing: '0', extra: '0' });
  expect(found.notCompared).toEqual([expect.stringContaining('goods.note')]);
  await moved.query('drop table app.goods');
  expect(await moved.diff()).toMatchObject({ equal: '1', notCompared: [expect.stringContaining('goods')] });
  await moved.query('alter table app.makers drop column id cascade');
  expect((await moved.diff()).notCompared.join()).toContain('makers.id');
});

test('a table that this role may not read is told as not compared, and the rest is compared', async () => {
  const moved = await movedFile('catalog-unreadable', shop);
  await moveWhole(moved);
  await moved.query(`create table app.theirs (id int); revoke all on app.goods, app.theirs from current_user`);
  const found = await moved.diff();
  expect(found).toMatchObject({ equal: '1', differing: '0' });
  expect(found.notCompared).toEqual([
    expect.stringMatching(/^goods: table goods of the target belongs to role \S+ and cannot be read$/),
    expect.stringMatching(/^table theirs of the target belongs to role/),
  ]);
});

test('a key that cannot be built is told with the values that collide', async () => {
  const moved = await movedFile(
    'catalog-collides',
    "create table t (a text); create unique index u on t (lower(a)); insert into t values ('x')",
  );
  const rules = [{ key: 't.no_primary_key', rule: 'no-key' as const }];
  await moved.create(rules);
  moved.write("drop index u; insert into t values ('X')");
  await expect(moved.load(rules)).rejects.toMatchObject({
    code: 'constraint_refused',
    message: expect.stringMatching(/could not create unique index "u": Key .*=\(x\) is duplicated\.$/),
  });
});
