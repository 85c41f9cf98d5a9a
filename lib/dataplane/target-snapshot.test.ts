import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { codeOf, fixture } from '@/lib/testing/dataplane-fixture';
import {
  dropAside,
  findPgTools,
  liftTargetFence,
  readTargetFence,
  requireToolsFor,
  restoreTarget,
  snapshotTarget,
  takeTargetFence,
  targetPlace,
  undoRestore,
  verifyTargetSnapshot,
} from './index';

const signal = new AbortController().signal;

async function twoProfiles(name: string) {
  const f = await fixture(name, {
    sqlite: 'create table t (id integer primary key)',
    target: `create table t (id int8 primary key, x text); insert into t select i, 'row ' || i from generate_series(1, 500) i; create index on t (x);
      create table kid (id int8 references t (id)); insert into kid values (1), (2);
      create schema neighbour; create table neighbour.t (id int8 primary key); insert into neighbour.t values (1);
      create table public.registry (source_id text primary key, schema_name text unique, at text); insert into public.registry values ('me', 'p', 'then'), ('you', 'neighbour', 'then')`,
  });
  const place = targetPlace(f.database.dsn, 'me', {
    schema: 'p',
    registry: { schema: 'public', table: 'registry', key_column: 'source_id', schema_column: 'schema_name' },
  });
  const tools = await findPgTools();
  const dir = join(f.dir, 'snapshot');
  const state = () =>
    f.psql(`select 'own', count(*), max(x) from p.t union all select 'kid', count(*), null from p.kid union all select 'neighbour', count(*), null from neighbour.t
    union all select source_id || schema_name, 0, at from public.registry order by 1`);
  return { f, place, tools, dir, state, input: { place, dir, tools, signal, cutoverId: 'cutover' } };
}
const spoil =
  "delete from p.kid; update p.t set x = 'spoilt'; insert into p.t values (9999); update public.registry set at = 'now'; insert into neighbour.t values (2) on conflict do nothing";
const neighbourAfter = (text: string) =>
  text.replace('neighbour|1', 'neighbour|2').replace('youneighbour|0|then', 'youneighbour|0|now');

test('snapshots schema and registry row, proves them by a full read, and restores both without touching the neighbour', async () => {
  const { f, dir, tools, input, state } = await twoProfiles('restore');
  const before = state();
  const snapshot = await snapshotTarget(input);
  expect(snapshot.manifest).toMatchObject({
    absent: false,
    tables: [
      { table: 'kid', rows: '2' },
      { table: 't', rows: '500' },
    ],
    rows: [{ table: 'registry', rows: '1' }],
  });
  expect(await verifyTargetSnapshot({ dir, tools, digest: snapshot.digest, signal })).toMatchObject({
    passed: true,
    problems: [],
  });
  await f.sql(spoil);
  const report = await restoreTarget({ ...input, epoch: 1 });
  expect(report).toMatchObject({ outcome: 'restored', problems: [], registryRows: 1 });
  expect(state()).toBe(neighbourAfter(before));
  await f.sql(spoil.replace("update public.registry set at = 'now';", ''));
  expect(await restoreTarget({ ...input, epoch: 2 })).toMatchObject({ outcome: 'restored', problems: [] });
  await dropAside({ place: input.place, aside: report.aside as string });
  expect(await codeOf(() => dropAside({ place: input.place, aside: 'neighbour' }))).toBe('input_invalid');
});

test('a restore killed anywhere is finished by the next one, or taken back', { timeout: 60_000 }, async () => {
  for (const place of ['restore:after-aside', 'restore:after-load', 'restore:after-registry']) {
    const { f, input, state } = await twoProfiles(`kill ${place}`);
    const before = state();
    await snapshotTarget(input);
    await f.sql(spoil);
    const killed = restoreTarget({
      ...input,
      epoch: 1,
      failpoint: async (name) => {
        if (name === place) throw new Error('killed here');
      },
    });
    await expect(killed).rejects.toThrow('killed here');
    expect(await restoreTarget({ ...input, epoch: 2 })).toMatchObject({ problems: [] });
    expect(state()).toBe(neighbourAfter(before));
    expect(await codeOf(() => restoreTarget({ ...input, epoch: 1 }))).toBe('attempt_lost');
    expect(await undoRestore({ ...input, epoch: 3 })).toEqual({ outcome: 'renamed_back' });
    expect(f.psql('select count(*) from p.t')).toBe('501\n');
  }
});

test('a damaged dump is refused before anything is touched, and a failing restore puts the old schema back', async () => {
  const { f, input, dir, tools, state } = await twoProfiles('damaged');
  await snapshotTarget(input);
  const now = state();
  const dump = readFileSync(join(dir, 'schema.dump'));
  truncateSync(join(dir, 'schema.dump'), dump.length - 300);
  expect((await verifyTargetSnapshot({ dir, tools, signal })).problems.length).toBeGreaterThanOrEqual(1);
  expect(await codeOf(() => restoreTarget({ ...input, epoch: 1 }))).toBe('snapshot_damaged');
  writeFileSync(join(dir, 'schema.dump'), dump);
  const manifest = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8'));
  manifest.tables[1].rows = '499';
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify(manifest));
  expect(await codeOf(() => restoreTarget({ ...input, epoch: 1 }))).toBe('rows_differ');
  expect(state()).toBe(now);
  expect(f.psql("select count(*) from pg_namespace where nspname like 'cutover_aside%'")).toBe('0\n');
});

test('an absent schema is recorded as such; restoring it removes what was made since, with its registry row', async () => {
  const { f, input, place } = await twoProfiles('absent');
  await f.sql("drop schema p cascade; delete from public.registry where source_id = 'me'");
  expect((await snapshotTarget(input)).manifest).toMatchObject({ absent: true, dump: null, rows: [{ rows: '0' }] });
  await f.sql("create schema p; create table p.t (id int); insert into public.registry values ('me', 'p', 'later')");
  expect(await restoreTarget({ ...input, epoch: 1 })).toMatchObject({ outcome: 'absent_restored', problems: [] });
  expect(f.psql('select source_id from public.registry')).toBe('you\n');
  expect(f.psql("select count(*) from pg_namespace where nspname = 'p'")).toBe('0\n');
  expect(place.schema).toBe('p');
});

test('no password is in argv or left in a file, and tools older than the server are refused', async () => {
  const { dir, input, tools } = await twoProfiles('tools');
  await snapshotTarget(input);
  expect(readFileSync(join(dir, 'manifest.json'), 'utf8')).not.toContain(new URL(input.place.dsn).password);
  expect(await codeOf(() => requireToolsFor(tools, (tools.major + 1) * 10_000))).toBe('tool_too_old');
  expect(await codeOf(() => findPgTools('/nowhere'))).toBe('tool_missing');
  expect(
    await codeOf(() =>
      snapshotTarget({ ...input, place: { ...input.place, dsn: input.place.dsn.replace(/:[^:@/]+@/, ':wrong@') } }),
    ),
  ).toBe('target_password_wrong');
});

test('the target’s fence stops writes and TRUNCATE of the profile only, and goes again', async () => {
  const { f, place } = await twoProfiles('fence');
  const own = { ...place, sharedTables: [{ schema: 'public', table: 'registry', keyColumn: 'source_id' }] };
  onTestFinished(async () => {
    await liftTargetFence(own).catch(() => undefined);
  });
  expect((await takeTargetFence(own)).state).toBe('complete');
  expect((await takeTargetFence(own)).state).toBe('complete');
  for (const sql of [
    'delete from p.t',
    'truncate p.kid',
    "update public.registry set at = 'x' where source_id = 'me'",
    'insert into p.t values (1000)',
  ])
    await expect(f.sql(sql), sql).rejects.toMatchObject({ code: 'target_read_only' });
  await f.sql("insert into neighbour.t values (5); update public.registry set at = 'x' where source_id = 'you'");
  expect((await liftTargetFence(own)).state).toBe('absent');
  expect((await readTargetFence(own)).triggers).toEqual([]);
  await f.sql('insert into p.t values (1000)');
});
