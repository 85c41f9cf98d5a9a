import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, expect, test } from 'vitest';
import { withSqlite } from '@/lib/sources/sqlite-file';
import type { Cell } from '@/lib/sources/source';
import { type EncodedTable, encodeFile, targetColumn as column } from '@/lib/testing/both-encoders';
import { tempDir } from '@/lib/testing/databases';
import { makeCells } from '@/lib/testing/generated-cells';
import { seeded } from '@/lib/testing/seeded';
import { misfitCodes } from '../finding-types';
import type { ChosenRules, TargetColumn } from '../types';
import { buildAccelerator } from './build.mjs';
import { copyPageOf } from './copy-page';

/** On a machine without a compiler both ways are the TypeScript encoder's, and only that is shown. */
let notBuilt = '';
beforeAll(async () => {
  notBuilt = await buildAccelerator();
});

/** Table t by one of the two ways; its column v has the type, all others are int8. */
function readAll(
  path: string,
  type: TargetColumn,
  rules: ChosenRules,
  accelerated: boolean,
  pageRows?: number,
): EncodedTable {
  const typeOf = (name: string) => (name === 'v' ? type : column('int8'));
  const { tables, reason } = encodeFile(path, { accelerated, typeOf, rules, pageRows });
  if (!notBuilt) expect(reason).toBe(accelerated ? '' : 'switched off by CUTOVER_ACCELERATOR=off');
  return tables[0] as EncodedTable;
}

const types: TargetColumn[] = [
  ...[
    'int2',
    'int4',
    'int8',
    'float4',
    'float8',
    'numeric',
    'bool',
    'text',
    'citext',
    'varchar',
    'bytea',
    'uuid',
    'json',
  ].map((type) => column(type)),
  ...['jsonb', 'date', 'timestamp', 'timestamptz'].map((type) => column(type)),
  column('numeric', { precision: 12, scale: 3 }),
  column('numeric', { precision: 5, scale: 0 }),
  column('varchar', { maxChars: 7 }),
  column('bpchar', { maxChars: 3 }),
  column('text', { notNull: true }),
];

function file(name: string, cells: readonly Cell[], ddl = 'create table t (k integer primary key, v)'): string {
  const path = join(tempDir(name), 'cells.sqlite');
  const db = new Database(path);
  db.defaultSafeIntegers(true);
  db.exec(ddl);
  const insert = db.prepare('insert into t (v) values (?)');
  const insertText = db.prepare('insert into t (v) values (cast(? as text))');
  db.transaction(() => {
    for (const cell of cells)
      if (cell !== null && typeof cell === 'object' && !Buffer.isBuffer(cell)) insertText.run(cell.bytes);
      else insert.run(cell);
  })();
  db.close();
  return path;
}

test.each(
  types.map(
    (type) =>
      [`${type.type} ${type.maxChars ?? type.precision ?? ''}${type.notNull ? ' not null' : ''}`, type] as const,
  ),
)('gives the same bytes and the same misfits as the TypeScript encoder for %s', (name, type) => {
  const random = seeded(`same bytes ${name}`);
  const mixed = file('same', makeCells(random, 3000));
  const own = file('own', makeCells(random, 3000, type));
  for (const path of [mixed, own])
    for (const pageRows of [undefined, 37]) {
      const [fast, plain] = [readAll(path, type, [], true, pageRows), readAll(path, type, [], false, pageRows)];
      expect(fast.bytes === plain.bytes).toBe(true);
      expect({ ...fast, bytes: '', native: 0 }).toEqual({ ...plain, bytes: '', native: 0 });
      expect(plain.native).toBe(0);
    }
  // Of cells that fit, the accelerator must take most: else a test of sameness would prove nothing.
  const share = readAll(own, type, [], true).native / 3000;
  expect({ name, taken: notBuilt !== '' || share > 0.5 }).toEqual({
    name,
    taken: true,
  });
});

test('agrees on every two-byte and on thirty thousand random longer texts whether they are valid UTF-8', () => {
  const random = seeded('utf8');
  const texts: Cell[] = makeCells.damagedTexts(random, 30_000);
  const path = file('utf8', texts);
  const [fast, plain] = [readAll(path, column('text'), [], true), readAll(path, column('text'), [], false)];
  expect(fast.bytes === plain.bytes).toBe(true);
  expect(fast.misfits.length).toBe(plain.misfits.length);
  expect(plain.misfits.length).toBeGreaterThan(10_000);
});

test.each(['json', 'jsonb', 'uuid', 'date', 'timestamp', 'timestamptz'])(
  'agrees on texts for %s that fit but for one or two random edits',
  (name) => {
    const random = seeded(`edited ${name}`);
    const type = column(name);
    const texts = makeCells(random, 8000, type).filter((cell) => typeof cell === 'string');
    const path = file(
      'edited',
      texts.map((text) => makeCells.edited(random, text)),
    );
    const [fast, plain] = [readAll(path, type, [], true), readAll(path, type, [], false)];
    expect(fast.bytes === plain.bytes).toBe(true);
    expect(fast.misfits).toEqual(plain.misfits);
    expect(plain.misfits.length).toBeGreaterThan(500);
  },
);

test('leaves cells that a chosen rule changes to the TypeScript encoder', () => {
  const random = seeded('rules');
  const cells: Cell[] = makeCells(random, 2000);
  const path = file('rules', cells);
  for (const type of [column('text'), column('int4'), column('timestamptz'), column('jsonb')])
    for (const rule of ['strip-nul', 'escape-bytes', 'set-null', 'convert-exact', 'epoch-by-size', 'last-key-wins']) {
      const rules = misfitCodes.map((code) => ({ key: `t.v.${code}`, rule }));
      const [fast, plain] = [readAll(path, type, rules, true), readAll(path, type, rules, false)];
      expect({ rule, same: fast.bytes === plain.bytes }).toEqual({ rule, same: true });
      expect(fast.misfits).toEqual(plain.misfits);
    }
});

test('reads on by keys of text, blob, real and several columns, without a rowid', () => {
  for (const ddl of [
    'create table t (v text primary key) without rowid',
    'create table t (v real primary key) without rowid',
    'create table t (v text, w integer default 7, primary key (w, v)) without rowid',
  ]) {
    const random = seeded(ddl);
    const cells = Array.from({ length: 900 }, (_, i) =>
      ddl.includes('real') ? random() * 1e6 - 5e5 : `${i % 2 ? 'é' : 'E'}${Math.floor(random() * 1e9)} \u{1f600}'"`,
    );
    const type = column(ddl.includes('real') ? 'float8' : 'text');
    const path = file('keys', cells, ddl);
    const [fast, plain] = [readAll(path, type, [], true, 50), readAll(path, type, [], false, 50)];
    expect({ same: fast.bytes === plain.bytes, rows: fast.rows }).toEqual({ same: true, rows: 900 });
  }
});

test('is not used for a file that stores UTF-16', () => {
  const path = join(tempDir('utf16'), 'utf16.sqlite');
  const db = new Database(path);
  db.exec("pragma encoding = 'UTF-16le'; create table t (v); insert into t values ('ä')");
  db.close();
  withSqlite({ path, allowedRoots: ['/'] }, (open) => {
    expect(copyPageOf(open).reason).toBe('the file stores text as UTF-16le');
  });
});
