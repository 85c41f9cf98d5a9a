import { expect, test } from 'vitest';
import { generateFile } from '@/e2e/fleet/sx_db/generate.mjs';
import { globalStatements, sourceStatements } from '@/e2e/fleet/sx_db/ddl.mjs';
import { fixture } from '@/lib/testing/dataplane-fixture';
import { join } from 'node:path';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import {
  compareTargets,
  diffRows,
  planTables,
  profileValues,
  readSource,
  readTarget,
  readTargetOfDdl,
  schemaNameFindings,
  sourceScope,
  targetPlace,
  withTarget,
} from './index';

const signal = new AbortController().signal;

test('moves UTF-16 files, WITHOUT ROWID tables, NOCASE keys, hidden rowids and names with dots, quotes and spaces', async () => {
  const f = await fixture('awkward', {
    sqlite: `pragma encoding = 'UTF-16le';
      create table "a.b ""c" ("x y" text collate nocase, n integer, "ord.er" text, primary key ("x y", n)) without rowid;
      create table hides (rowid text, _rowid_ integer, v text);
      with recursive c(i) as (select 1 union all select i + 1 from c where i < 2500) insert into "a.b ""c" select case i % 2 when 0 then 'Ä' else 'k' end || i, i, 'wert 😀 ' || i from c;
      insert into hides values ('one', 1, char(65533)), ('two', 2, 'ß'), ('one', 1, '');
      create table hides_all (rowid text, _rowid_ integer, OID real);
      with recursive c(i) as (select 1 union all select i + 1 from c where i < 1300) insert into hides_all select case when i % 7 then 'x' end, i % 3, 0.5 from c;`,
    target:
      'create table "a.b ""c" ("x y" text, n int8, "ord.er" text, primary key ("x y", n)); create table hides (rowid text, _rowid_ int8, v text); create table hides_all (rowid text, _rowid_ int8, "OID" float8)',
  });
  await f.load({ batchRows: 300 });
  expect(await f.diff()).toMatchObject({ equal: '3803', differing: '0', missing: '0', extra: '0', notCompared: [] });
  await f.sql(`update p."a.b ""c" set "ord.er" = upper("ord.er") where n = 1777`);
  expect((await f.diff()).sample).toMatchObject([{ key: 'k1777, 1777', cells: [{ column: 'ord.er' }] }]);
});

test('an aborted row diff ends at once, in the middle of the stream', async () => {
  const f = await fixture('abort', {
    sqlite:
      "create table t (id integer primary key, x text); with recursive c(i) as (select 1 union all select i + 1 from c where i < 60000) insert into t select i, 'text of some length, so that it takes a moment ' || i from c",
    target: 'create table t (id int8 primary key, x text)',
  });
  await f.load({ batchRows: 20_000 });
  const stop = new AbortController();
  const diff = diffRows({
    source: f.source,
    scope: f.scope,
    place: f.place,
    rules: [],
    holdsAt: 'x',
    signal: stop.signal,
    progress: ({ done }) => {
      if (done > 5000) stop.abort(new Error('cancelled'));
    },
  });
  await expect(diff).rejects.toThrow('cancelled');
});

test('knows the sx service’s target before it is made, finds its planted dirt with exact counts, and refuses a name that is taken', async () => {
  const dir = tempDir('sx');
  const path = join(dir, 'sx.sqlite');
  generateFile({
    path,
    seed: 'test',
    sources: [
      { id: 'assets_3', label: 'three', videos: 60, dirty: true },
      { id: 'assets_4', label: 'four', videos: 20 },
    ],
  });
  const database = await testDatabase('sx');
  const place = targetPlace(database.dsn, 'assets_3', {
    schema: 'sx_assets_3',
    shared_tables: { sources: 'id' },
    registry: { schema: 'public', table: 'reg', key_column: 'source_id', schema_column: 'schema_name' },
  });
  const scope = sourceScope('assets_3', { scope_column: 'source_id', scope_columns: { sources: 'id' } });
  const source = { path, allowedRoots: [dir] };
  const ddl = [...globalStatements('reg'), ...sourceStatements('sx_assets_3')];
  const expected = await withTarget(database.dsn, (client) => readTargetOfDdl(client, place, ddl));
  expect(await withTarget(database.dsn, (client) => readTarget(client, place))).toMatchObject({
    exists: false,
    tables: [],
  });
  const plan = planTables(readSource(source, scope), expected, scope, place, []);
  const findings = await profileValues({ source, plan, target: expected, signal });
  expect(plan.findings.filter(({ blocking }) => blocking)).toEqual([]);
  expect(findings.map(({ key }) => key)).toEqual(expect.arrayContaining(['videos.hearts.integer_out_of_range']));
  expect(findings.some(({ code }) => code === 'nul_in_text')).toBe(true);
  const other = { ...place, schema: 'sx_assets_4' };
  await withTarget(database.dsn, async (client) => {
    for (const sql of [...ddl, ...sourceStatements('sx_assets_4')]) await client.query(sql);
    await client.query("insert into public.reg values ('assets-3', 'sx_assets_3', 'x', 'x')");
    expect(compareTargets(expected, await readTarget(client, place))).toEqual([]);
    expect(compareTargets(expected, await readTarget(client, other))).toEqual([]);
    await client.query(
      'alter table sx_assets_4.videos alter column hearts type int8; drop index sx_assets_4.idx_sx_assets_4_job_queue_status',
    );
    expect(compareTargets(expected, await readTarget(client, other))).toHaveLength(2);
    expect(
      (await schemaNameFindings(client, place)).map(({ code, message }) => [code, message.includes('assets-3')]),
    ).toEqual([['schema_name_taken', true]]);
    expect(
      (await schemaNameFindings(client, { ...place, schema: `sx_${'é'.repeat(40)}` })).map(({ code }) => code),
    ).toEqual(['schema_name_too_long']);
  });
});
