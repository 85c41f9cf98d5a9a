import { rmSync, renameSync } from 'node:fs';
import Database from 'better-sqlite3';
import { CutoverError } from '@/lib/errors';
import { quoteIdent, quoteText } from '@/lib/sources/quote';
import { foldAscii } from '@/lib/sources/scope';
import { sqliteError } from '@/lib/sources/sqlite-errors';
import { copyRows, tableOf } from './copy-rows';
import { mergedNotes } from './merged-schema';
import { createIndex } from './rename-index';

/** A copy of one file: its name in the fleet file, and where the copy lies. */
export type FilePart = { name: string; path: string };
/** What the merged file says of itself, as findings of its source. */
export type MergeNote = { code: 'name_changed' | 'file_stays'; table: string; message: string };

type SchemaRow = { type: string; name: string; tbl_name: string; rootpage: number; sql: string };

/**
 * One file with the tables of several, every cell as it was: the same statements, the same storage classes, the same bytes.
 * A table whose name stands in more than one file gets the name of its file in front.
 * @throws CutoverError source_files_differ where the files cannot stand in one; nothing is left at `to`
 */
export function mergeFiles(parts: readonly FilePart[], to: string, notes: readonly MergeNote[] = []): void {
  const partial = `${to}.merging`;
  removeFile(partial);
  try {
    const db = new Database(partial);
    try {
      // Rows of sqlite_schema are written as VACUUM writes them: for what has no rows of its own.
      db.unsafeMode(true);
      for (const pragma of ['journal_mode = off', 'synchronous = off', 'foreign_keys = off', 'trusted_schema = off'])
        db.pragma(pragma);
      db.pragma('ignore_check_constraints = on');
      db.defaultSafeIntegers(true);
      const [first] = parts;
      if (first) setEncoding(db, parts);
      const renamed = planNames(db, parts);
      for (const part of parts) copyPart(db, part, renamed.get(part.name) ?? new Map());
      writeNotes(db, [...notes, ...renameNotes(renamed)]);
    } finally {
      db.close();
    }
    removeFile(to);
    renameSync(partial, to);
  } catch (thrown) {
    removeFile(partial);
    throw sqliteError(thrown, to);
  }
}

export const removeFile = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
};

export const withPart = <T>(db: Database.Database, part: FilePart, work: () => T): T => {
  db.exec(`attach ${quoteText(part.path)} as part`);
  try {
    return work();
  } finally {
    db.exec('detach part');
  }
};

/** SQLite attaches only files of one text encoding. */
function setEncoding(db: Database.Database, parts: readonly FilePart[]): void {
  const encodings = parts.map(({ path }) => {
    const one = new Database(path, { readonly: true, fileMustExist: true });
    try {
      return String(one.pragma('encoding', { simple: true }));
    } finally {
      one.close();
    }
  });
  if (new Set(encodings).size > 1)
    throw new CutoverError({
      code: 'source_files_differ',
      message: `The files of this profile are not of one text encoding: ${parts.map(({ name }, i) => `${name} ${encodings[i]}`).join(', ')}.`,
      advice: 'Make them one with `pragma encoding` and VACUUM in copies, or move them as profiles of their own.',
    });
  db.pragma(`encoding = '${encodings[0] ?? 'UTF-8'}'`);
}

export const tablesIn = (db: Database.Database): string[] =>
  db
    .prepare("select name from part.sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'")
    .pluck()
    .all() as string[];

/** Part → table → its name in the merged file, where that is another one: names that stand in more than one file. */
export function planNames(db: Database.Database, parts: readonly FilePart[]): Map<string, Map<string, string>> {
  const renamed = new Map(parts.map((part) => [part.name, new Map<string, string>()]));
  const all = parts.flatMap((part) => withPart(db, part, () => tablesIn(db).map((table) => ({ part, table }))));
  const taken = new Set(all.map(({ table }) => foldAscii(table)));
  for (const { part, table } of all) {
    if (all.filter((other) => foldAscii(other.table) === foldAscii(table)).length === 1) continue;
    let name = `${part.name}_${table}`;
    for (let n = 2; taken.has(foldAscii(name)); n += 1) name = `${part.name}_${table}_${n}`;
    taken.add(foldAscii(name));
    renamed.get(part.name)?.set(table, name);
  }
  return renamed;
}

const renameNotes = (renamed: Map<string, Map<string, string>>): MergeNote[] =>
  [...renamed].flatMap(([part, names]) =>
    [...names].map(([table, name]) => ({
      code: 'name_changed' as const,
      table: name,
      message: `Table ${table} stands in more than one file; that of ${part} becomes ${name}. Its triggers are not looked at.`,
    })),
  );

function copyPart(db: Database.Database, part: FilePart, renamed: Map<string, string>): void {
  withPart(db, part, () => {
    const rows = (
      db
        .prepare('select type, name, tbl_name, cast(rootpage as real) as rootpage, sql from part.sqlite_schema')
        .all() as SchemaRow[]
    ).filter(({ name, sql }) => sql !== null && !/^sqlite_/i.test(name) && !name.startsWith('cutover_fence_'));
    const stored = rows.filter(({ type, rootpage }) => type === 'table' && rootpage > 0);
    for (const { sql } of stored) db.exec(sql);
    for (const [table, name] of renamed) db.exec(`alter table main.${quoteIdent(table)} rename to ${quoteIdent(name)}`);
    db.exec('begin');
    for (const { name } of stored) copyRows(db, tableOf(db, name), renamed.get(name) ?? name);
    copySequences(db, renamed);
    for (const row of rows.filter(({ type }) => type === 'index'))
      createIndex(db, row, renamed.get(row.tbl_name) ?? null, part.name);
    db.exec('commit');
    copyDefinitions(
      db,
      rows.filter(({ type, rootpage, tbl_name }) => rootpage === 0 && type !== 'index' && !renamed.has(tbl_name)),
    );
  });
}

function copySequences(db: Database.Database, renamed: Map<string, string>): void {
  const has = db.prepare("select 1 from part.sqlite_schema where name = 'sqlite_sequence'").get();
  if (!has) return;
  const rows = db.prepare('select name, seq from part.sqlite_sequence').all() as { name: string; seq: unknown }[];
  for (const { name, seq } of rows) {
    const to = renamed.get(name) ?? name;
    db.prepare('delete from main.sqlite_sequence where name = ?').run(to);
    db.prepare('insert into main.sqlite_sequence (name, seq) values (?, ?)').run(to, seq);
  }
}

/** Views, triggers and virtual tables hold no rows: their definitions are looked at, never used. */
function copyDefinitions(db: Database.Database, rows: readonly SchemaRow[]): void {
  if (!rows.length) return;
  db.pragma('writable_schema = on');
  const insert = db.prepare(
    'insert into main.sqlite_schema (type, name, tbl_name, rootpage, sql) values (?, ?, ?, 0, ?)',
  );
  const taken = new Set(db.prepare('select name from main.sqlite_schema').pluck().all() as string[]);
  for (const { type, name, tbl_name, sql } of rows) if (!taken.has(name)) insert.run(type, name, tbl_name, sql);
  db.pragma('writable_schema = reset');
}

function writeNotes(db: Database.Database, notes: readonly MergeNote[]): void {
  db.exec(`create table ${mergedNotes} (code text, tbl text, message text)`);
  const insert = db.prepare(`insert into ${mergedNotes} values (?, ?, ?)`);
  for (const { code, table, message } of notes) insert.run(code, table, message);
}
