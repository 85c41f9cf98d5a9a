import pg from 'pg';
import { expect, it } from 'vitest';
import { targetPlace } from '@/lib/dataplane';
import { httpCheck, type MadeRows } from '@/lib/fleet/flow-schema';
import { testDatabase } from '@/lib/testing/databases';
import { type Kept, openFootprint } from './footprint';

const mark = 'cutover-0123456789abcdef';
const made: MadeRows[] = [
  { table: 'commands', where: { tenant_id: mark } },
  { table: 'queue', where: { 'command_json/tenant_id': mark } },
];

async function open() {
  const { dsn } = await testDatabase('made');
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  await client.query(
    'create table public.commands (id serial primary key, tenant_id text); create table public.queue (id serial primary key, command_json jsonb)',
  );
  await client.query(
    "insert into commands (tenant_id) values ('theirs'); insert into queue (command_json) values ('{}')",
  );
  const kept: { rows: Kept[] | null } = { rows: null };
  const store = {
    get: async () => kept.rows,
    set: async (rows: Kept[]) => {
      kept.rows = structuredClone(rows);
    },
  };
  const footprint = () =>
    openFootprint(
      targetPlace(dsn, 'one', { schema: 'public', tables: ['commands', 'queue'] }),
      store,
      AbortSignal.timeout(20_000),
    );
  const write = () =>
    client.query(
      `insert into commands (tenant_id) values ('${mark}'), ('${mark}'); insert into queue (command_json) values ('{"tenant_id": "${mark}"}')`,
    );
  const counts = async () =>
    (await client.query('select (select count(*) from commands)::int as c, (select count(*) from queue)::int as q'))
      .rows[0];
  return { client, footprint, write, counts };
}

it('deletes rows that a call made under keys of the service, also after a kill, and nobody else’s', async () => {
  const { client, footprint, write, counts } = await open();
  await footprint().made(made);
  await write();
  // The process that noted them is gone; what it noted is not.
  const next = footprint();
  expect((await next.compare()).map(({ equal, now }) => [equal, now])).toEqual([
    [false, '2 rows'],
    [false, '1 rows'],
  ]);
  expect((await next.restore()).map(({ outcome }) => outcome)).toEqual(['2 removed', '1 removed']);
  expect(await counts()).toEqual({ c: 1, q: 1 });
  expect((await footprint().compare()).every(({ equal }) => equal)).toBe(true);
  await client.end();
});

it('deletes what a worker of the service writes after its rows were deleted', async () => {
  const { client, footprint, write, counts } = await open();
  // A worker that ends its task once the task is gone.
  await client.query(`create function ends() returns trigger language plpgsql as $$ begin
    insert into public.commands (tenant_id) values ('${mark}'); return old; end $$;
    create trigger ends after delete on queue for each row execute function ends()`);
  const own = footprint();
  await own.made(made);
  await write();
  expect((await own.restore()).map(({ outcome }) => outcome)).toEqual(['2 removed', '1 removed']);
  expect(await counts()).toEqual({ c: 1, q: 1 });
  await client.end();
});

it('refuses a condition that fits rows before any was made, and one without the mark', async () => {
  const { client, footprint, counts } = await open();
  const theirs = [{ table: 'commands', where: { tenant_id: 'theirs' } }];
  await expect(footprint().made(theirs)).rejects.toThrow('of commands fit tenant_id=theirs before');
  expect(await counts()).toEqual({ c: 1, q: 1 });
  const check = { kind: 'http', name: 'x', path: '/', makes: theirs };
  expect(httpCheck.safeParse(check).error?.issues[0]?.message).toContain('${mark}');
  await client.end();
});
