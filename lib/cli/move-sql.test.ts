import { writeFileSync } from 'node:fs';
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
  writeFileSync(given, `${sql}; create view broken as select nothing from goods`);
  const broken = await run('--yes');
  expect(broken.err).toMatch(/refused create view broken.*\[sql_refused\]/s);
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
