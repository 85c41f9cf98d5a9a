import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { withTarget } from '@/lib/dataplane';
import { commandLine } from './testing/command-line';

const shop = `
create table goods (id integer primary key, title text not null, cents integer);
insert into goods values (1, 'a', 5), (2, 'b', 7);
create view dear as select * from goods where cents > 6;
create view lost as select 1 as one;
create trigger touch after update on goods begin update goods set title = upper(title) where id = new.id; end;`;
const sql = `
-- what the file does at each write; a semicolon in a comment;
create view dear as select * from goods where cents > 6;
create function touched() returns trigger language plpgsql as $body$ begin new.title := upper(new.title); return new; end $body$;
create trigger touch before update on goods for each row execute function touched();
`;
const accepted = ['dear', 'lost', 'touch'].flatMap((name) => ['--rule', `${name}.*.object_not_moved=accept`]);

it('applies reviewed SQL when the rows are in, says what is still not carried, and takes it back', {
  timeout: 120_000,
}, async () => {
  const line = await commandLine();
  const file = line.file('shop.db', shop);
  const ask = (text: string) =>
    withTarget(line.database.dsn, async (client) => (await client.query(text)).rows as Record<string, string>[]);
  const given = path.join(path.dirname(file), 'views.sql');
  const run = (...more: string[]) =>
    line.cutover('run', './shop.db', '--to', 'env:TARGET', '--schema', 'shop', ...accepted, '--sql', given, ...more);
  writeFileSync(given, 'begin; create view dear as select 1; commit;');
  expect(await run('--yes')).toMatchObject({ code: 1, err: expect.stringContaining('[sql_refused]') });
  // A mistake shows before anything is loaded, by file and line.
  writeFileSync(given, `${sql}\ncreate view broken as\n  select nothing from goods`);
  const broken = await run('--yes');
  expect(broken.out).toMatch(/views\.sql:8: column "nothing" does not exist.*Nothing was changed/s);
  expect(broken.code).not.toBe(0);
  expect(await ask("select 1 as held from pg_namespace where nspname = 'shop'")).toEqual([]);
  // What only rows bring about shows when they are in.
  writeFileSync(given, `${sql};\n\nselect 1 / (count(*) - 2) from goods`);
  const late = await run('--yes');
  expect(late.err).toMatch(/views\.sql:8: the target refused select 1.*division by zero.*\[sql_refused\]/s);
  expect(await ask("select relname from pg_class where relnamespace = 'shop'::regnamespace and relkind = 'v'")).toEqual(
    [],
  );
  writeFileSync(given, sql);
  const { code, out, err } = await run('--yes');
  expect({ code, err }, out).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/takes the place of the earlier text, of which nothing was applied/);
  expect(out).toContain('Goes on with Apply your SQL');
  expect(out).toContain('3 objects made; still not carried: view lost');
  expect(out).toContain('2 equal, 0 differing, 0 missing, 0 extra');
  expect(await ask('select title from shop.dear')).toEqual([{ title: 'b' }]);
  expect(await ask('update shop.goods set cents = 9 where id = 1 returning title')).toEqual([{ title: 'A' }]);
  writeFileSync(given, 'select 1');
  expect(await run('--undo', '--yes')).toMatchObject({ code: 0 });
  expect(await ask("select 1 as held from pg_namespace where nspname = 'shop'")).toEqual([]);
});

it('refuses other SQL once the first was applied, and goes on with that', { timeout: 120_000 }, async () => {
  const line = await commandLine();
  const file = line.file('shop.db', 'create table goods (id integer primary key); insert into goods values (1)');
  const given = path.join(path.dirname(file), 'views.sql');
  const run = (...more: string[]) =>
    line.cutover('run', './shop.db', '--to', 'env:TARGET', '--schema', 'shop', '--yes', ...more);
  writeFileSync(given, 'create view one as select 1 as n; delete from goods');
  expect((await run('--sql', given)).code).toBe(5);
  writeFileSync(given, 'create view two as select 2 as n');
  const other = await run('--sql', given);
  expect(other).toMatchObject({ code: 1, err: expect.stringMatching(/was applied already.*--undo/s) });
  expect((await run()).code).toBe(5);
});

it('takes SQL that is added to a move under way, compares the rows after it, and refuses it once the move is finished', {
  timeout: 120_000,
}, async () => {
  const line = await commandLine();
  const file = line.file('shop.db', 'create table goods (id integer primary key); insert into goods values (1), (2)');
  const given = path.join(path.dirname(file), 'late.sql');
  const run = (...more: string[]) =>
    line.cutover('run', './shop.db', '--to', 'env:TARGET', '--schema', 'shop', '--yes', ...more);
  line.arm('diff:goods', 'error');
  expect((await run()).code).toBe(5);
  rmSync(path.join(line.failpoints, 'diff:goods'));
  writeFileSync(given, 'create view few as select count(*) as n from goods');
  const { code, out, err } = await run('--sql', given);
  expect({ code, err }, out).toEqual({ code: 0, err: '' });
  expect(out).toContain('The SQL is added to this move');
  expect(out).toMatch(/1 object made.*2 equal, 0 differing, 0 missing, 0 extra/s);
  writeFileSync(given, 'create view more as select 1 as n');
  expect(await run('--sql', given)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/late\.sql was no part of it.*psql -1.*--undo/s),
  });
  expect((await run()).code).toBe(0);
});
