import pg from 'pg';
import { expect, test } from 'vitest';
import { onCluster } from '@/lib/testing/databases';
import { codeOf, fixture } from '@/lib/testing/dataplane-fixture';
import { clearImport } from './index';

const rows = 1500;
/** A reference without an index on the child's column, and one of a table to itself. */
const shape = {
  sqlite: `create table p (id integer primary key, above int); create table r (id integer primary key, p_id int references p (id));
    with recursive n (i) as (select 1 union all select i + 1 from n where i < ${rows}) insert into p select i, max(1, i - 1) from n;
    insert into r select id, id from p`,
  target: `create table p (id int8 primary key, above int8 references p); create table r (id int8 primary key, p_id int8 constraint to_p references p)`,
};
const loaded = async (name: string) => {
  const f = await fixture(name, shape);
  await f.load();
  const undo = (signal?: AbortSignal) =>
    clearImport({ place: f.place, cutoverId: 'cutover', epoch: 2, ...(signal ? { signal } : {}) });
  const left = () => f.psql('select (select count(*) from p.p) + (select count(*) from p.r)').trim();
  /** The server counts one for every row that goes, where it has to look for rows that refer to it. */
  const scans = async () =>
    Number((await f.sql("select sum(seq_scan) as n from pg_stat_user_tables where schemaname = 'p'"))[0]?.n);
  const keys = () =>
    f.psql(
      "select conname, pg_get_constraintdef(oid) from pg_constraint where connamespace = 'p'::regnamespace order by 1",
    );
  return { f, undo, left, scans, keys };
};
const gone = [
  { table: '"p"."p"', deleted: String(rows) },
  { table: '"p"."r"', deleted: String(rows) },
];

test('takes back tables that refer to each other without an index in a number of scans that does not grow with the rows', async () => {
  const { undo, left, scans } = await loaded('empty-cut');
  const before = await scans();
  expect((await undo()).tables.sort((a, b) => a.table.localeCompare(b.table))).toEqual(gone);
  expect(await left()).toBe('0');
  expect((await scans()) - before).toBeLessThan(50);
});

test('the same where a table of somebody else refers to them; keys are as they were, and a row that refers stops it', async () => {
  const { f, undo, left, scans, keys } = await loaded('empty-referred');
  await f.sql(
    'create table public.theirs (r_id int8 references p.r deferrable initially deferred); insert into public.theirs values (7)',
  );
  const before = keys();
  expect(await codeOf(() => undo())).toBe('constraint_refused');
  expect([await left(), keys()]).toEqual([String(2 * rows), before]);
  await f.sql('delete from public.theirs');
  const scanned = await scans();
  await undo();
  expect([await left(), keys()]).toEqual(['0', before]);
  expect((await scans()) - scanned).toBeLessThan(rows + 50);
});

test('a role that may only delete rows takes them back too', async () => {
  const { f, undo, left } = await loaded('empty-poor');
  await onCluster(
    ['p', 'r'].flatMap((name) => [
      `alter table p.${name} owner to current_user`,
      `grant select, delete on p.${name} to "${f.database.name}"`,
    ]),
    f.database.adminDsn,
  );
  await undo();
  expect(await left()).toBe('0');
});

test('a signal breaks off the statement under way, also one that waits for a lock, and nothing is changed', async () => {
  const { f, undo, left } = await loaded('empty-cancel');
  const holder = new pg.Client({ connectionString: f.database.dsn });
  await holder.connect();
  try {
    await holder.query('begin; lock table p.p in access share mode');
    const cancel = new AbortController();
    const ending = codeOf(() => undo(cancel.signal));
    const waits = () => f.sql("select count(*) as n from pg_locks where not granted and relation = 'p.p'::regclass");
    while ((await waits())[0]?.n === '0');
    cancel.abort(new Error('cancelled on purpose'));
    expect(await ending).toContain('cancelled on purpose');
    while ((await waits())[0]?.n !== '0');
  } finally {
    await holder.end();
  }
  expect(await left()).toBe(String(2 * rows));
  expect((await undo()).tables).toHaveLength(2);
});
