import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { onCluster } from '@/lib/testing/databases';
import { codeOf } from '@/lib/testing/dataplane-fixture';
import { movedFile, moveWhole } from '@/lib/testing/moved-file';
import { claimLoad } from './ledger';
import { ledgerNameOf } from './ledger-schema';
import { makeLedger, withAdmin } from './make-ledger';
import { type Design, designDigest, readTargetOfDesign, whyNotFree, withTarget } from './index';

const goods = `create table goods (id integer primary key, name text unique, cents int check (cents > 0));
  insert into goods values (1, 'a', 1), (2, 'b', 2)`;

/** Another role that may sign in to the same database, and create schemas there. */
async function neighbour(database: { name: string; dsn: string; adminDsn: string }) {
  const name = `${database.name}_weak`;
  const password = randomBytes(9).toString('hex');
  await onCluster(
    [`create role "${name}" login password '${password}'`, `grant create on database "${database.name}" to "${name}"`],
    database.adminDsn,
  );
  onTestFinished(() => onCluster([`drop owned by "${name}" cascade`, `drop role "${name}"`], database.adminDsn));
  const url = new URL(database.dsn);
  url.username = name;
  url.password = password;
  const dsn = url.href;
  const query = (text: string) => withTarget(dsn, async (client) => (await client.query(text)).rows);
  return { name, dsn, query };
}

test('a neighbour role neither reads nor changes what a move keeps, also where the database gives everything to everybody', async () => {
  const moved = await movedFile('ledger-alone', goods);
  await onCluster(
    [
      `alter default privileges for role "${moved.database.name}" grant all on tables to public`,
      `alter default privileges for role "${moved.database.name}" grant all on schemas to public`,
    ],
    moved.database.adminDsn,
  );
  const weak = await neighbour(moved.database);
  await moved.create();
  for (const table of ['load', 'batch', 'restore', 'design', 'built'])
    for (const text of [`select 1 from ${moved.ledger}.${table}`, `delete from ${moved.ledger}.${table}`])
      await expect(weak.query(text), text).rejects.toThrow(/permission denied for schema/);
  await expect(weak.query(`update ${moved.ledger}.design set design = '{}'`)).rejects.toThrow(/permission denied/);
  await moved.load();
  expect(await moved.check()).toMatchObject({ passed: true });
});

test('SQL of a kept design that was changed since is not run, also where its digest was changed with it', async () => {
  const moved = await movedFile('ledger-design', goods);
  await moved.create();
  const planned = designDigest(moved.design());
  const [kept] = await moved.query(`select design from ${moved.ledger}.design`);
  const other = JSON.parse((kept?.design ?? '').replace('unique (', '/* other */ unique (')) as Design;
  const put = (digest: string) =>
    withTarget(moved.database.dsn, (client) =>
      client.query(`update ${moved.ledger}.design set design = $1, digest = $2`, [JSON.stringify(other), digest]),
    );
  await put(planned);
  expect(await codeOf(() => moved.load())).toBe('design_changed');
  await put(designDigest(other));
  expect(await codeOf(() => moved.load([], { designDigest: planned }))).toBe('design_changed');
  expect(await moved.query(`select 1 from ${moved.ledger}.built`)).toEqual([]);
});

test('a ledger that somebody else has made under the name of this role is refused, and nothing in it is read', async () => {
  const moved = await movedFile('ledger-hostile', goods);
  const weak = await neighbour(moved.database);
  await weak.query(`create schema ${moved.ledger}; create table ${moved.ledger}.design (schema_name text, digest text, design text);
    grant usage on schema ${moved.ledger} to public; grant all on ${moved.ledger}.design to public`);
  await expect(moved.create()).rejects.toMatchObject({
    code: 'ledger_not_ours',
    message: expect.stringContaining(weak.name),
  });
});

test('each role has its ledger; what earlier versions shared is closed by its owner and read no more', async () => {
  const moved = await movedFile('ledger-shared', goods);
  await moved.query(`create schema cutover_console; create table cutover_console.load (cutover_id text); insert into cutover_console.load values ('x');
    grant usage on schema cutover_console to public; grant select, insert, update, delete on all tables in schema cutover_console to public`);
  const weak = await neighbour(moved.database);
  expect(await weak.query('select 1 as seen from cutover_console.load')).toHaveLength(1);
  expect(await moveWhole(moved)).toMatchObject({ unlike: ['0', '0', '0'], passed: true });
  await expect(weak.query('select 1 from cutover_console.load')).rejects.toThrow(/permission denied/);
  await withTarget(weak.dsn, makeLedger);
  expect(await weak.query(`select count(*) as n from ${ledgerNameOf(weak.name)}.load`)).toEqual([{ n: '0' }]);
});

test('an admin that is no member of the loading role keeps its records in the ledger of that role, and sees no design', async () => {
  const moved = await movedFile('ledger-admin', goods);
  await moved.create();
  const admin = await neighbour(moved.database);
  await withAdmin(moved.place, admin.dsn, async (client) => {
    await claimLoad(client, { cutoverId: 'r', epoch: 1, sourceId: 'me', schema: 'app', sourceDigest: 'restore' });
    await expect(client.query(`select 1 from ${moved.ledger}.design`)).rejects.toThrow(/permission denied for table/);
  });
  expect(await moved.query(`select cutover_id from ${moved.ledger}.load`)).toEqual([{ cutover_id: 'r' }]);
});

test('what a design would make is learnt beside a schema of that name, which is neither touched nor needed to be ours', async () => {
  const moved = await movedFile(
    'ledger-trial',
    `${goods}; create table kid (g int references goods (id), note text default '"app".x')`,
  );
  const { plain } = moved.design();
  const free = await withTarget(moved.database.dsn, (client) => readTargetOfDesign(client, moved.place, plain));
  await onCluster(['create schema app; create table app.theirs (id int)'], moved.database.adminDsn);
  const { place } = moved;
  const elsewhere = { ...place, dsn: `${place.dsn}?application_name=x` };
  expect(await withTarget(elsewhere.dsn, (client) => readTargetOfDesign(client, elsewhere, plain))).toEqual(free);
});

test('a schema is free, or a move’s own; somebody else’s tables and somebody else’s schema are named', async () => {
  const moved = await movedFile('ledger-free', goods);
  const why = () => withTarget(moved.database.dsn, (client) => whyNotFree(client, moved.place));
  expect(await why()).toBeNull();
  await moved.create();
  expect(await why()).toBeNull();
  await moved.query('create table app.theirs (id int)');
  expect(await why()).toMatch(/holds 1 object that no move of this profile has made: theirs/);
  await moved.query('drop schema app cascade');
  await onCluster(['create schema app'], moved.database.adminDsn);
  expect(await why()).toMatch(/schema "app" belongs to role (?!t_)\w+, and t_\w+ is no member of it/);
  await expect(moved.create()).rejects.toMatchObject({ code: 'target_not_empty' });
});
