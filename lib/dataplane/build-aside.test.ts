import { expect, test } from 'vitest';
import { codeOf } from '@/lib/testing/dataplane-fixture';
import { onCluster } from '@/lib/testing/databases';
import { movedFile } from '@/lib/testing/moved-file';

const large = `create table large (id integer primary key, n int, v blob); create index by_n on large (n);
  insert into large values (1, 1, randomblob(17000000)), (2, 1, null), (3, 2, null), (4, 2, null), (5, 3, null), (6, 3, null);`;
const keys = `select conname as name from pg_constraint where connamespace = 'app'::regnamespace
  union all select indexname from pg_indexes where schemaname = 'app' order by 1`;

test('keys of a large table are built while the next is loaded; a load refused then leaves neither rows nor keys', async () => {
  const moved = await movedFile(
    'meanwhile',
    `${large} create table small (id integer primary key, t text); insert into small values (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd');`,
  );
  await moved.create();
  moved.write(`update small set t = x'ff' where id = 4`);
  const bare = await moved.query(keys);
  let builtFirst: string | undefined;
  let tellBuilt = () => undefined as void;
  const built = new Promise<void>((resolve) => {
    tellBuilt = resolve;
  });
  const log = (_: string, text: string) => {
    if (!/ built$/.test(text)) return;
    builtFirst ??= text;
    tellBuilt();
  };
  // The small table is not begun before the second session has committed what it builds.
  let begun = 0;
  const failpoint = async (name: string) => {
    if (name === 'import:before-batch' && ++begun === 3) await built;
  };
  expect(await codeOf(() => moved.load([], { log, failpoint, batchRows: 3 }))).toBe('finding_open');
  expect(builtFirst).toBe('primary key large_pkey of large built');
  expect(await moved.query(keys)).toEqual(bare);
  expect(await moved.query('select 1 from app.large')).toEqual([]);
  expect(await moved.query(`select 1 from ${moved.ledger}.built`)).toEqual([]);
  moved.write(`update small set t = 'd' where id = 4`);
  expect(await moved.load()).toMatchObject({ rows: '10' });
  expect((await moved.check()).catalog?.differences).toEqual([]);
});

test('a role that may have one connection builds all keys with it', async () => {
  const moved = await movedFile(
    'alone',
    `${large} create table other (id integer primary key, v blob); insert into other values (1, randomblob(17000000))`,
  );
  await moved.create();
  await onCluster([`alter role "${moved.database.name}" connection limit 1`]);
  const told: string[] = [];
  expect(await moved.load([], { log: (_, text) => void told.push(text), batchRows: 3 })).toMatchObject({ rows: '7' });
  expect(told.join('\n')).toMatch(/keys are built by one/);
  expect(await moved.check()).toMatchObject({ passed: true, catalog: { differences: [] } });
});

test('of a loaded table the planner knows its keys at once, and every column where autovacuum would not tell it', async () => {
  for (const [name, counted, known] of [
    ['counted', 'on', 'id n'],
    ['uncounted', 'off', 'id n t v'],
  ] as const) {
    const moved = await movedFile(
      name,
      `create table plain (id integer primary key, n int, t text, v real); create index by_n on plain (n);
      insert into plain values (1, 1, 'a', 0.5), (2, 1, 'b', 1.5), (3, 2, 'c', 2.5)`,
    );
    await moved.create();
    await onCluster([`alter role "${moved.database.name}" set track_counts = ${counted}`]);
    await moved.load();
    const [told] = await moved.query(
      `select string_agg(attname, ' ' order by attname) as names from pg_stats where schemaname = 'app'`,
    );
    expect(told?.names).toBe(known);
  }
});
