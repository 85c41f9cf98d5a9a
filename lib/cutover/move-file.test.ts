import { rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAuditPage } from '@/db/queries/views/read-audit';
import { tempDir } from '@/lib/testing/databases';
import { openControlPlane, type TestControlPlane } from '@/lib/testing/control-plane';
import { buildMove, buildMoveChoice } from '@/lib/views/move';
import { fleetNow } from './fleet-now';
import { loadCutoverNow } from './load-cutover';
import { moveFile } from './move-file';

let plane: TestControlPlane;
let operator: ReturnType<TestControlPlane['ctxOf']>;
let root: string;
const made = (file: string): string => {
  const db = new Database(file);
  db.exec('create table a (id integer primary key); create table b (x)');
  db.close();
  return file;
};
const idOf = async (name: string) => (await buildMove(operator)).files.find((file) => file.name === name)?.id ?? 'none';
const move = (fileId: string, schema: string, ctx = operator, dsnName = 'SX_POSTGRES_DSN') =>
  moveFile({ ctx, input: { fileId, dsnName, schema } });

beforeAll(async () => {
  plane = await openControlPlane('move_file');
  root = path.dirname(process.env.CUTOVER_FLEET ?? '');
  operator = plane.ctxOf(await plane.addPerson('Olga', 'operator'));
  made(path.join(root, 'own.db'));
  made(path.join(root, 'assets_1.db'));
  symlinkSync(made(path.join(tempDir('away'), 'away.db')), path.join(root, 'linked.db'));
}, 120_000);
afterAll(async () => {
  await plane.close();
});

it('plans a cutover of the default runbook for a file of the list, its entry kept, pinned and audited', async () => {
  const view = await buildMove(operator);
  expect(view.files.map(({ name, blockedBy }) => [name, blockedBy]).sort()).toEqual([
    ['assets_1.db', 'Source of sx/assets_1'],
    ['own.db', null],
  ]);
  const fileId = await idOf('own.db');
  expect(await buildMoveChoice(operator, { fileId })).toMatchObject({ tables: 2, suggestedSchema: 'own' });
  const { cutoverId } = await move(fileId, 'own');
  const rows = await loadCutoverNow(plane.db, cutoverId);
  expect(rows.cutover).toMatchObject({
    system: 'files',
    sourceId: 'own.db',
    state: 'planned',
    runbookName: 'sqlite-to-postgres',
  });
  expect(rows.entry).toMatchObject({
    service: null,
    profile: { source: { path: path.join(root, 'own.db') }, target: { schema: 'own' } },
  });
  const found = (await fleetNow(plane.db)).find('files', 'own.db');
  expect(found.digest).toBe(rows.cutover.fleetDigest);
  expect((await buildMove(operator)).files.find(({ name }) => name === 'own.db')?.blockedBy).toBe(
    'Has a cutover: planned',
  );
  await expect(move(fileId, 'another')).rejects.toMatchObject({ code: 'cutover_open_already' });
  expect((await fleetNow(plane.db)).find('files', 'own.db').profile.target.schema).toBe('own');
  const acts = (await readAuditPage(plane.db, { system: 'files' }, 10)).map(({ act }) => act);
  expect(acts).toEqual(['plan-cutover', 'add-file']);
}, 60_000);

it('refuses what is not in the list, a file of a profile, a taken or reserved schema, an unknown DSN, and others than operators', async () => {
  const other = made(path.join(root, 'other.db'));
  const fileId = await idOf('other.db');
  await expect(move('0'.repeat(24), 'x')).rejects.toMatchObject({ code: 'source_missing' });
  await expect(move(await idOf('linked.db'), 'x')).rejects.toMatchObject({ code: 'source_missing' });
  await expect(move(await idOf('assets_1.db'), 'x')).rejects.toMatchObject({ code: 'source_forbidden' });
  for (const schema of ['sx_assets_1', 'own', 'public', 'pg_x', 'x'.repeat(64)])
    await expect(move(fileId, schema), schema).rejects.toMatchObject({ code: 'schema_name_invalid' });
  await expect(move(fileId, 'x', operator, 'PATH')).rejects.toMatchObject({ code: 'dsn_missing' });
  const reviewer = plane.ctxOf(await plane.addPerson('Rita', 'reviewer'));
  await expect(move(fileId, 'x', reviewer)).rejects.toMatchObject({ code: 'role_missing' });
  rmSync(other);
  await expect(move(fileId, 'x')).rejects.toMatchObject({ code: 'source_missing' });
  expect((await fleetNow(plane.db)).systems.find(({ name }) => name === 'files')?.profiles.length).toBe(1);
}, 60_000);

it('plans a second file after a first', async () => {
  made(path.join(root, 'second.db'));
  const { cutoverId } = await move(await idOf('second.db'), 'second');
  expect((await loadCutoverNow(plane.db, cutoverId)).cutover).toMatchObject({
    sourceId: 'second.db',
    state: 'planned',
  });
  expect((await fleetNow(plane.db)).systems.filter(({ name }) => name === 'files')).toHaveLength(1);
});
