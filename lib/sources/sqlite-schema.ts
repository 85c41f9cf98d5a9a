import { createHash } from 'node:crypto';
import { readStaged } from './json-store/staged-schema';
import { readMerged } from './sqlite-files/merged-schema';
import type { SqliteFile } from './sqlite-file';
import type { SourceSchema, SourceTable, Unreadable } from './source';
import { foldAscii, type SourceScope } from './scope';
import { readExtras, shadowsOf } from './sqlite-extras';
import { readTable } from './sqlite-table';

/** Prefix of every object of ours in a source file; such objects are not part of its schema. */
export const fencePrefix = 'cutover_fence_';

export type SchemaRow = { type: string; name: string; tbl_name: string; sql: string | null };
export type ListedTable = { name: string; type: string; wr: bigint; strict: bigint };

/** Tables, columns, keys, indexes and foreign keys as SQLite itself reports them, in name order; what it cannot read is told apart. */
export function readSourceSchema(file: SqliteFile, scope: SourceScope): SourceSchema {
  const { db } = file;
  const objects = (
    db.prepare('select type, name, tbl_name, sql from sqlite_schema order by type, name').all() as SchemaRow[]
  )
    .filter(({ name, tbl_name }) => !name.startsWith(fencePrefix) && !/^sqlite_/i.test(tbl_name))
    .map((row) => ({ ...row, sql: file.asWritten?.get(row.name) ?? row.sql }));
  const listed = db
    .prepare("select name, type, wr, strict from pragma_table_list where schema = 'main' order by name")
    .all() as ListedTable[];
  const own = listed.filter(({ name }) => !/^sqlite_/i.test(name));
  const extras = readExtras(file, own, objects);
  const shadows = shadowsOf(extras);
  const unreadable: Unreadable[] = [];
  const sqlOf = new Map(
    objects.flatMap(({ type, name, sql }) =>
      sql && (type === 'table' || type === 'index') ? [[name, sql] as const] : [],
    ),
  );
  const tables = own
    .filter(({ name, type }) => type === 'table' && !shadows.has(name))
    .flatMap((one) => readTable(file, scope, one, sqlOf, unreadable) ?? []);
  for (const table of tables) completeReferences(table, tables);
  const staged = readStaged(file, tables) ?? readMerged(file, tables);
  return {
    tables,
    extras,
    unreadable,
    encoding: file.encoding,
    journalMode: String(db.pragma('journal_mode', { simple: true })),
    userVersion: Number(db.pragma('user_version', { simple: true })),
    fingerprint: createHash('sha256')
      .update(JSON.stringify([file.encoding, objects]))
      .digest('hex'),
    ...(staged ? { stagedFindings: staged.findings } : {}),
  };
}

/** `references t` without columns means the primary key of t; names get the parent's own spelling. */
function completeReferences(table: SourceTable, tables: readonly SourceTable[]): void {
  for (const key of table.foreignKeys) {
    const parent =
      tables.find(({ name }) => name === key.table) ??
      tables.find(({ name }) => foldAscii(name) === foldAscii(key.table));
    if (!parent) continue;
    key.table = parent.name;
    if (!key.references.length && parent.primaryKey.length === key.columns.length) key.references = parent.primaryKey;
    key.references = key.references.map(
      (name) => parent.columns.find((column) => foldAscii(column.name) === foldAscii(name))?.name ?? name,
    );
  }
}
