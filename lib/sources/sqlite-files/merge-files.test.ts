import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { readSource } from '@/lib/sources/read-source';
import { sourceScope } from '@/lib/sources/scope';
import { tempDir } from '@/lib/testing/databases';
import { mergeFiles } from './merge-files';
import { proveMerged } from './prove-merged';
import { liveMerged } from './take-files';

const make = (folder: string, name: string, statements: string[]): { name: string; path: string } => {
  const path = join(folder, `${name}.sqlite`);
  const db = new Database(path);
  db.pragma('journal_mode = wal');
  for (const sql of statements) db.exec(sql);
  db.close();
  return { name, path };
};
const awkward = [
  'create table notes (id text primary key, body, n, at text generated always as (id) virtual)',
  "insert into notes (id, body, n) values ('a', x'00ff', 9223372036854775807), ('b', cast(x'ff41' as text), 1e300), ('c', 'x' || char(0) || 'y', '12'), ('d', null, -0.0)",
  'create index notes_n on notes (n)',
  'create table plain (v)',
  "insert into plain values (1), ('1'), (1.0), (null), (1)",
  'delete from plain where rowid = 2',
  'create table seq (id integer primary key autoincrement, t text collate nocase)',
  "insert into seq (t) values ('x'), ('X')",
  'delete from seq where id = 2',
  'create view shown as select id from notes',
  "create trigger keep before delete on notes begin select raise(abort, 'no'); end",
];
const other = [
  'create table notes (id integer primary key, other text) strict',
  "insert into notes values (5, 'five')",
  'create unique index notes_n on notes (other)',
  'create table child (note integer references notes (id), k text, primary key (k)) without rowid',
  "insert into child values (5, 'k')",
];

describe('several SQLite files as one', () => {
  it('keeps every cell as it is, and names a table by its file only where two files have it', () => {
    const folder = tempDir('merge');
    const parts = [make(folder, 'first', awkward), make(folder, 'second', other)];
    const to = join(folder, 'merged.sqlite');
    mergeFiles(parts, to);
    const proof = proveMerged(to, parts);
    expect(proof.map(({ part, name, rows, merged, unlike }) => [part, name, rows, merged, unlike])).toEqual([
      ['first', 'first_notes', '4', '4', '0'],
      ['first', 'plain', '4', '4', '0'],
      ['first', 'seq', '1', '1', '0'],
      ['second', 'second_notes', '1', '1', '0'],
      ['second', 'child', '1', '1', '0'],
    ]);
    const schema = readSource({ path: to, allowedRoots: [folder] }, sourceScope('x', {}));
    expect(schema.tables.map(({ name }) => name)).toEqual(['child', 'first_notes', 'plain', 'second_notes', 'seq']);
    expect(schema.tables.find(({ name }) => name === 'child')?.foreignKeys[0]?.table).toBe('second_notes');
    expect(schema.tables.find(({ name }) => name === 'second_notes')?.indexes.map(({ name }) => name)).toContain(
      'second_notes_n',
    );
    expect(schema.extras.map(({ name }) => name)).toEqual(['shown']);
    expect(schema.stagedFindings?.map(({ code, table }) => `${code} ${table}`)).toEqual([
      'name_changed first_notes',
      'name_changed second_notes',
    ]);
    const db = new Database(to);
    expect(db.prepare("select seq from sqlite_sequence where name = 'seq'").pluck().get()).toBe(2);
    db.prepare("update first_notes set body = x'00fe' where id = 'a'").run();
    db.close();
    expect(proveMerged(to, parts)[0]?.unlike).toBe('1');
  });

  it('reads the live files again only when one has changed, and says which file stays', () => {
    const [folder, work] = [tempDir('live'), tempDir('work')];
    const parts = [make(folder, 'first', awkward), make(folder, 'second', other)];
    const store = {
      files: Object.fromEntries(parts.map(({ name, path }) => [name, path])),
      excluded: { vault: { path: join(folder, 'vault.sqlite'), why: 'it is kept elsewhere' } },
      allowedRoots: [folder],
    };
    const first = liveMerged(store, work);
    expect(liveMerged(store, work)).toEqual(first);
    const copies = () =>
      readdirSync(work)
        .filter((name) => name.startsWith('part-'))
        .sort();
    const before = copies();
    const db = new Database(parts[0]?.path ?? '');
    db.exec("insert into plain values ('new')");
    const second = liveMerged(store, work);
    expect(second.path).not.toBe(first.path);
    // The other file did not change: its copy is the one of before.
    expect(copies()).toHaveLength(2);
    expect(copies().filter((name) => before.includes(name))).toEqual([expect.stringMatching(/^part-second-/)]);
    const read = new Database(second.path, { readonly: true });
    expect(read.prepare('select count(*) from plain').pluck().get()).toBe(5);
    read.close();
    db.close();
    expect(readSource(second, sourceScope('x', {})).stagedFindings?.map(({ message }) => message)).toContainEqual(
      `${join(folder, 'vault.sqlite')} stays where it is on purpose: it is kept elsewhere`,
    );
  });

  it('refuses files of two text encodings with their names', () => {
    const folder = tempDir('encodings');
    const parts = [make(folder, 'first', other), make(folder, 'wide', ["pragma encoding = 'UTF-16le'", ...awkward])];
    expect(() => mergeFiles(parts, join(folder, 'merged.sqlite'))).toThrow(/first UTF-8, wide UTF-16le/);
  });
});
