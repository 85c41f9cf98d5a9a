import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { codeOf, fixture } from '@/lib/testing/dataplane-fixture';
import { clearImport } from './index';

const numbers = (last: number, body: string) =>
  `with recursive c(i) as (select 1 union all select i + 1 from c where i < ${last}) ${body}`;

test('loads rows that refer to later rows of the same table, and two tables that refer to each other, and leaves the keys as they were', async () => {
  const f = await fixture('circle', {
    sqlite: `
      create table person (id integer primary key, boss integer, team integer);
      create table team (id integer primary key, lead integer);
      create table word (id integer primary key, next integer);
      ${numbers(3000, 'insert into person select i, 3001 - i, i % 40 + 1 from c')};
      ${numbers(40, 'insert into team select i, i * 70 from c')};
      ${numbers(3000, 'insert into word select i, case when i < 3000 then i + 1 end from c')};`,
    target: `
      create table person (id int8 primary key, boss int8 references person, team int8);
      create table team (id int8 primary key, lead int8 references person);
      alter table person add foreign key (team) references team;
      create table word (id int8 primary key, next int8 references word)`,
  });
  const before = await f.sql(
    `select conname, condeferrable::text, condeferred::text, convalidated::text from pg_constraint where contype = 'f' and connamespace = 'p'::regnamespace order by conname`,
  );
  expect(await f.load({ batchRows: 500 })).toMatchObject({ rows: '6040', batches: 3 });
  expect(await f.diff()).toMatchObject({ equal: '6040', differing: '0', missing: '0', extra: '0' });
  expect(
    await f.sql(
      `select conname, condeferrable::text, condeferred::text, convalidated::text from pg_constraint where contype = 'f' and connamespace = 'p'::regnamespace order by conname`,
    ),
  ).toEqual(before);
});

test('takes tables back that refer to each other in a circle, also where a key says restrict; rows of others that refer to them stop it', async () => {
  const f = await fixture('circle back', {
    sqlite: `create table ca (id integer primary key, o integer); create table cb (id integer primary key, o integer);
      create table leaf (id integer primary key, c integer);
      insert into ca values (1, 1), (2, null); insert into cb values (1, 2); insert into leaf values (1, 1)`,
    target: `create table ca (id int8 primary key, o int8); create table cb (id int8 primary key, o int8 references ca on delete restrict);
      alter table ca add foreign key (o) references cb; create table leaf (id int8 primary key, c int8 references cb)`,
  });
  const rows = 'select (select count(*) from p.ca) + (select count(*) from p.cb) + (select count(*) from p.leaf) as n';
  await f.load();
  await f.sql('create table public.other (c int8 references p.cb); insert into public.other values (1)');
  const undo = () => clearImport({ place: f.place, cutoverId: 'cutover', epoch: 2 });
  await expect(undo()).rejects.toMatchObject({
    code: 'constraint_refused',
    message: expect.stringMatching(/"p"\."ca", "p"\."cb".*other.*Nothing was changed/),
    advice: expect.stringContaining('refer to them'),
  });
  expect(await f.sql(rows)).toEqual([{ n: '4' }]);
  await f.sql('drop table public.other');
  expect((await undo()).tables).toEqual([
    { table: '"p"."leaf"', deleted: '1' },
    { table: '"p"."ca"', deleted: '2' },
    { table: '"p"."cb"', deleted: '1' },
  ]);
  expect(await f.sql(rows)).toEqual([{ n: '0' }]);
  expect(await f.load({ epoch: 3 })).toMatchObject({ rows: '4' });
});

test('a circle that does not close is refused as a finding, and the target is as it was', async () => {
  const f = await fixture('open circle', {
    sqlite: `create table a (id integer primary key, b integer); create table b (id integer primary key, a integer);
      insert into a values (1, 1), (2, 77); insert into b values (1, 1)`,
    target: `create table a (id int8 primary key, b int8); create table b (id int8 primary key, a int8 references a);
      alter table a add foreign key (b) references b`,
  });
  await expect(f.load()).rejects.toMatchObject({
    code: 'finding_open',
    facts: { findings: ['a.a_b_fkey.orphan_rows'] },
  });
  expect(await f.sql('select (select count(*) from p.a) + (select count(*) from p.b) as n')).toEqual([{ n: '0' }]);
});

test('a value that does not fit, met in the last rows, takes the whole load back, and a load after the repair goes through', async () => {
  const f = await fixture('late misfit', {
    sqlite: `create table t (id integer primary key, n integer, s text); create table u (id integer primary key);
      ${numbers(5000, "insert into t select i, i, 'text ' || i from c")}; insert into u values (1);
      update t set n = 2147483648 where id = 4990`,
    target: 'create table t (id int8 primary key, n int4, s text); create table u (id int8 primary key)',
  });
  const committed: string[] = [];
  const log = (_: string, text: string) => void committed.push(text);
  await expect(f.load({ batchRows: 1000, log })).rejects.toMatchObject({
    code: 'finding_open',
    facts: { findings: ['t.n.integer_out_of_range'] },
  });
  // How many are acknowledged by then depends on how far reading runs ahead.
  expect(committed.some((text) => text.startsWith('batch'))).toBe(true);
  expect(await f.sql(`select (select count(*) from p.t) + (select count(*) from ${f.ledger}.batch) as n`)).toEqual([
    { n: '0' },
  ]);
  f.sqlite('update t set n = 7 where id = 4990');
  expect(await f.load({ batchRows: 1000 })).toMatchObject({ rows: '5001', resumedBatches: 0 });
  expect(await f.diff()).toMatchObject({ equal: '5001', differing: '0' });
});

test('small tables share a transaction, each with its ledger row; a kill inside it leaves none of them', {
  timeout: 60_000,
}, async () => {
  const small = Array.from({ length: 30 }, (_, i) => `t${String(i).padStart(2, '0')}`);
  const f = await fixture('small tables', {
    sqlite: small
      .map(
        (name) =>
          `create table ${name} (me text, id integer primary key); ${numbers(40, `insert into ${name} select 'me', i from c`)};`,
      )
      .join('\n'),
    target: small.map((name) => `create table ${name} (me text, id int8 primary key)`).join('; '),
    scopeColumn: 'me',
  });
  const child = spawn(process.execPath, ['--import', 'tsx', 'lib/testing/dataplane-killed-import.ts'], {
    env: { ...process.env, KILL_AT: 'import:after-batch', KILL_HIT: '3', SOURCE: f.path, TARGET: f.place.dsn },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  expect(await new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)))).toBe('SIGKILL');
  const counts = await f.sql(
    `select (select count(*) from ${f.ledger}.batch) as batches, (select count(distinct xmin::text) from ${f.ledger}.batch) as transactions, (${small.map((name) => `(select count(*) from p.${name})`).join(' + ')}) as rows`,
  );
  // Batches of 200 rows: five tables of forty rows a transaction, and two of those were committed.
  expect(counts).toEqual([{ batches: '10', transactions: '2', rows: '400' }]);
  expect(await f.load({ batchRows: 200, epoch: 2 })).toMatchObject({ rows: '1200', resumedBatches: 10, batches: 20 });
  expect(await f.diff()).toMatchObject({ equal: '1200', missing: '0', extra: '0' });
});

test('a server that refuses rows in the middle of the stream keeps nothing of the batch, and the session can be used again', async () => {
  const f = await fixture('refused', {
    sqlite: `create table t (id integer primary key, n integer); ${numbers(60_000, 'insert into t select i, i from c')}`,
    target: 'create table t (id int8 primary key, n int8, check (n <> 55000))',
  });
  expect(await codeOf(() => f.load({ batchRows: 20_000 }))).toBe('batch_failed');
  expect(await f.sql('select count(*) from p.t')).toEqual([{ count: '40000' }]);
  await f.sql('alter table p.t drop constraint t_n_check');
  expect(await f.load({ batchRows: 20_000 })).toMatchObject({ rows: '60000', resumedBatches: 2 });
});
