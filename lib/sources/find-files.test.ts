import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { tempDir } from '@/lib/testing/databases';
import { countTables } from './count-tables';
import { jsonTrouble, sqliteTrouble } from './file-trouble';
import { findMovableFiles } from './find-files';

const made = (file: string, tables: number, before = ''): string => {
  const db = new Database(file);
  db.exec(before);
  db.exec('begin');
  for (let at = 0; at < tables; at += 1)
    db.exec(`create table t${at} (id integer primary key autoincrement, note text)`);
  db.exec('create view v as select 1');
  db.exec('commit');
  db.close();
  return file;
};

it('lists the SQLite files under the roots and nothing that a link, a hidden folder or the console itself brings in', async () => {
  const root = tempDir('roots');
  const away = tempDir('away');
  made(path.join(away, 'secret.db'), 1);
  for (const folder of ['shop', '.hidden', 'node_modules', 'own']) mkdirSync(path.join(root, folder));
  made(path.join(root, 'shop', 'app.db'), 1);
  for (const folder of ['.hidden', 'node_modules', 'own']) made(path.join(root, folder, 'x.db'), 1);
  writeFileSync(path.join(root, 'notes.dbx'), 'no database');
  symlinkSync(path.join(away, 'secret.db'), path.join(root, 'linked.db'));
  symlinkSync(away, path.join(root, 'linked'));
  const { files, total, cut } = await findMovableFiles(
    [root, root, path.join(root, 'absent')],
    [path.join(root, 'own')],
  );
  expect(files.map(({ name }) => name)).toEqual([path.join('shop', 'app.db')]);
  expect([total, cut]).toEqual([1, null]);
  expect(files[0]?.id).toMatch(/^[0-9a-f]{24}$/);
});

it('lists folders of nothing but JSON once, as a whole, and files of JSON lines that lie among others', async () => {
  const root = tempDir('json-roots');
  for (const folder of ['inbox/2024', 'mixed', 'mixed/store']) mkdirSync(path.join(root, folder), { recursive: true });
  for (const file of [
    'inbox/a.json',
    'inbox/2024/b.ndjson',
    'mixed/package.json',
    'mixed/log.jsonl',
    'mixed/store/c.json',
    'd.ndjson',
  ])
    writeFileSync(path.join(root, file), '{}\n');
  writeFileSync(path.join(root, 'mixed/readme.txt'), 'not JSON');
  made(path.join(root, 'mixed', 'app.db'), 1);
  const { files } = await findMovableFiles([root]);
  expect(files.map(({ name, kind, bytes }) => `${kind} ${name} ${kind === 'json-store' ? bytes : ''}`).sort()).toEqual([
    'json-store d.ndjson 3',
    'json-store inbox 6',
    'json-store mixed/log.jsonl 3',
    'json-store mixed/store 3',
    'sqlite-file mixed/app.db ',
  ]);
});

it.each([
  ['one page', 3, ''],
  ['many pages of the schema', 700, ''],
  ['UTF-16', 5, 'pragma encoding = "UTF-16be"'],
  ['pages of 64 kB', 4, 'pragma page_size = 65536'],
])('counts the tables of a file as SQLite does: %s', async (_, tables, before) => {
  const file = made(path.join(tempDir('count'), 'a.db'), tables, before);
  expect(await countTables(file)).toBe(tables);
  writeFileSync(`${file}.cut`, 'SQLite format 3\0');
  expect(await countTables(`${file}.cut`)).toBeNull();
});

it('lists what is a database only by its name, and says of each broken file why it cannot be moved', async () => {
  const root = tempDir('broken');
  const whole = made(path.join(root, 'whole.db'), 3);
  writeFileSync(path.join(root, 'sheet.db'), 'plot;path');
  writeFileSync(path.join(root, 'empty.sqlite'), '');
  writeFileSync(path.join(root, 'cut.db'), readFileSync(whole).subarray(0, 9_000));
  mkdirSync(path.join(root, 'store'));
  writeFileSync(path.join(root, 'store', 'a.json'), '[{"id": 1}]');
  writeFileSync(path.join(root, 'store', 'b.json'), '[\n  {"id": 1');
  const { files } = await findMovableFiles([root]);
  const said = await Promise.all(
    files.map(async ({ name, path: file, kind }) => {
      const trouble = kind === 'sqlite-file' ? await sqliteTrouble(file) : await jsonTrouble(file);
      return [name, trouble && `${trouble.code}: ${trouble.message}`];
    }),
  );
  expect(Object.fromEntries(said)).toEqual({
    'whole.db': null,
    'sheet.db': 'source_not_a_database: sheet.db is no SQLite file: it does not begin as one.',
    'empty.sqlite': 'source_empty: empty.sqlite has 0 bytes.',
    'cut.db': expect.stringMatching(/^source_damaged: cut\.db is cut short at byte 9,000 of \d+,\d+\.$/),
    store: 'source_not_json: store/b.json ends at 2:10 in the middle of an object.',
  });
});

it('says that deeper folders were not looked through', async () => {
  const root = tempDir('deep');
  mkdirSync(path.join(root, '1/2/3/4/5'), { recursive: true });
  made(path.join(root, '1/2/3/4/5', 'far.db'), 1);
  expect(await findMovableFiles([root])).toEqual({ files: [], total: 0, cut: 'deep' });
});

it('passes over the data folder of the console, but for a root that lies in it', async () => {
  const home = tempDir('home');
  for (const folder of ['work', 'fleet']) mkdirSync(path.join(home, folder));
  made(path.join(home, 'work', 'copy.db'), 1);
  made(path.join(home, 'fleet', 'app.db'), 1);
  const under = async (...roots: string[]) => (await findMovableFiles(roots, [home])).files.map(({ name }) => name);
  expect(await under(home)).toEqual([]);
  expect(await under(path.join(home, 'fleet'))).toEqual(['app.db']);
});
