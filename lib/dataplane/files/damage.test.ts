import { appendFileSync, copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { redoBatch, sourceScope, verifyFiles } from '@/lib/dataplane';
import { canonicalJson } from '@/lib/shared/json';
import { codeOf } from '@/lib/testing/dataplane-fixture';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { exportKey, exportOf, importOf, named } from '@/lib/testing/files-fixture';
import { makeOrcheo } from '@/lib/testing/orcheo-files';

const first = 'chat_messages/batch_0001.jsonl';
const second = 'chat_messages/batch_0002.jsonl';
type Edit = (folder: string) => void;
const flip = (file: string): void => {
  const bytes = readFileSync(file);
  bytes[40] = (bytes[40] as number) ^ 1;
  writeFileSync(file, bytes);
};
const editManifest = (folder: string, edit: (text: string) => string, reseal = false): void => {
  const file = join(folder, 'manifest.json');
  const text = edit(readFileSync(file, 'utf8'));
  if (!reseal) {
    writeFileSync(file, text);
    return;
  }
  const { seal, ...content } = JSON.parse(text);
  const digest = createHash('sha256').update(canonicalJson(content)).digest('hex');
  writeFileSync(file, JSON.stringify({ ...content, seal: { ...seal, digest } }));
};

const damages: [string, RegExp, Edit][] = [
  ['cut', /chat_messages\/batch_0002\.jsonl was cut: \d+ bytes of \d+/, (f) => truncateSync(join(f, second), 500)],
  ['one bit', /batch_0002\.jsonl was changed: its SHA-256/, (f) => flip(join(f, second))],
  [
    'swapped',
    /batch_0001\.jsonl holds what belongs into chat_messages\/batch_0002\.jsonl: swapped or copied\..*And 1 more: chat_messages\/batch_0002/,
    (f) => {
      renameSync(join(f, first), join(f, 'x'));
      renameSync(join(f, second), join(f, first));
      renameSync(join(f, 'x'), join(f, second));
    },
  ],
  [
    'copied',
    /batch_0002\.jsonl holds what belongs into .*batch_0001/,
    (f) => copyFileSync(join(f, first), join(f, second)),
  ],
  ['a line more', /batch_0002\.jsonl has grown/, (f) => appendFileSync(join(f, second), '["x","t1","y"]\n')],
  ['missing', /batch_0002\.jsonl is missing/, (f) => rmSync(join(f, second))],
  [
    'one too many',
    /batch_0006\.jsonl is in no line/,
    (f) => copyFileSync(join(f, first), join(f, 'chat_messages/batch_0006.jsonl')),
  ],
  ['a stranger', /import_state\.json is in no line/, (f) => writeFileSync(join(f, 'import_state.json'), '{}')],
  [
    'manifest edited',
    /manifest\.json was edited/,
    (f) => editManifest(f, (text) => text.replace('"row_count": 500', '"row_count": 400')),
  ],
  ['manifest cut', /manifest\.json cannot be read/, (f) => truncateSync(join(f, 'manifest.json'), 900)],
  [
    'manifest edited and sealed anew',
    /not sealed with the key of this console/,
    (f) => editManifest(f, (text) => text.replace('vault', 'fault'), true),
  ],
  [
    'manifest and batch edited together',
    /not sealed with the key of this console/,
    (f) => {
      const was = createHash('sha256')
        .update(readFileSync(join(f, second)))
        .digest('hex');
      flip(join(f, second));
      const is = createHash('sha256')
        .update(readFileSync(join(f, second)))
        .digest('hex');
      editManifest(f, (text) => text.replace(was, is), true);
    },
  ],
];

test('each damage is named, and nothing is imported', { timeout: 120_000 }, async () => {
  const dir = tempDir('damage');
  const folder = join(dir, 'export');
  const { manifest } = await exportOf(makeOrcheo(dir), folder, { batchRows: 100, excluded: { vault: 'on purpose' } });
  const { dsn } = await testDatabase('damage');
  for (const [name, message, edit] of damages) {
    const copy = join(dir, name.replaceAll(' ', '-'));
    cpSync(folder, copy, { recursive: true });
    edit(copy);
    await expect(importOf(copy, dsn, 'orcheo'), name).rejects.toMatchObject({ code: 'export_damaged', message });
    // Without the key, the digest that was recorded when it was made holds it just as well.
    expect(await codeOf(() => verifyFiles(copy, { digest: manifest.seal.digest })), name).toBe('export_damaged');
  }
  expect(await codeOf(() => verifyFiles(folder, { digest: manifest.seal.digest }))).toBe('no error');
});

test('a damaged batch is written again alone, from the very state that was exported and from no other', {
  timeout: 60_000,
}, async () => {
  const dir = tempDir('redo');
  const sources = makeOrcheo(dir);
  const folder = join(dir, 'export');
  await exportOf(sources, folder, { batchRows: 100 });
  const whole = readFileSync(join(folder, second));
  flip(join(folder, second));
  truncateSync(join(folder, first), 10);
  const again = async (file: string) =>
    redoBatch({
      sources: await named(sources),
      scope: sourceScope('me', {}),
      output: folder,
      key: exportKey,
      signal: new AbortController().signal,
      file,
    });
  expect(await again(second)).toMatchObject({ damages: [{ file: first }] });
  expect(readFileSync(join(folder, second))).toEqual(whole);
  expect(await codeOf(() => again('chat_messages/batch_0099.jsonl'))).toBe('input_invalid');

  const db = new Database(sources.chatkit);
  db.exec("update chat_messages set body = 'edited' where id = 'm7'");
  db.close();
  expect(await codeOf(() => again(first))).toBe('export_source_differs');
  expect(readFileSync(join(folder, first))).toHaveLength(10);
  // A new state of the source is another export: it never mixes with what stands there.
  expect(await codeOf(() => exportOf(sources, folder, { batchRows: 100 }))).toBe('export_source_differs');
});

test('what would stay behind without a word is refused: virtual tables with rows, names in two sources', {
  timeout: 60_000,
}, async () => {
  const dir = tempDir('behind');
  const make = (name: string, sql: string): string => {
    const db = new Database(join(dir, name));
    db.exec(sql);
    db.close();
    return join(dir, name);
  };
  const notes = make(
    'notes.db',
    "create table t (a integer primary key); insert into t values (1); create virtual table f using fts5 (x); insert into f values ('only here')",
  );
  const output = join(dir, 'export');
  expect(await codeOf(() => exportOf({ notes }, output))).toBe('export_incomplete');
  expect(await codeOf(() => exportOf({ notes }, output, { leaveOut: { g: 'typing error', f: 'search' } }))).toBe(
    'input_invalid',
  );
  const { manifest } = await exportOf({ notes }, output, { leaveOut: { f: 'made anew by the service' } });
  expect(manifest.not_exported.filter(({ kind }) => kind !== 'shadow')).toEqual([
    { source: 'notes', kind: 'virtual', name: 'f', reason: 'made anew by the service' },
  ]);
  const other = make(
    'other.db',
    'create table T (a integer primary key, b integer references K); create table k (id integer primary key); insert into T values (2, null)',
  );
  const both = join(dir, 'both');
  const leaveOut = { f: 'made anew by the service' };
  expect(await codeOf(() => exportOf({ notes, other }, both, { leaveOut }))).toBe('input_invalid');
  const prefixed = await exportOf({ notes, 'other:o_': other }, both, { leaveOut });
  expect(prefixed.manifest.tables.map(({ name, source }) => `${source}:${name}`)).toEqual([
    'notes:t',
    'other:o_k',
    'other:o_T',
  ]);
  const { dsn } = await testDatabase('behind');
  expect(await importOf(both, dsn, 's', { rules: [] })).toMatchObject({ check: { passed: true } });
});
