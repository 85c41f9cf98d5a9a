import { createHash } from 'node:crypto';
import type { SqliteFile } from './sqlite-file';
import type { SourceColumn, SourceExtra, SourceSchema, SourceTable } from './source';
import { scopeColumnOf, type SourceScope } from './scope';

/** Prefix of every object of ours in a source file; such objects are not part of its schema. */
export const fencePrefix = 'cutover_fence_';

type SchemaRow = { type: string; name: string; tbl_name: string; sql: string | null };

/** Tables, columns, keys, indexes and foreign keys as SQLite itself reports them, in name order. */
export function readSourceSchema(file: SqliteFile, scope: SourceScope): SourceSchema {
  const { db } = file;
  const objects = (
    db.prepare('select type, name, tbl_name, sql from sqlite_schema order by type, name').all() as SchemaRow[]
  ).filter(({ name, tbl_name }) => !name.startsWith(fencePrefix) && !tbl_name.startsWith('sqlite_'));
  const listed = db
    .prepare("select name, type, wr, strict from pragma_table_list where schema = 'main' order by name")
    .all() as { name: string; type: string; wr: bigint; strict: bigint }[];
  const own = listed.filter(({ name }) => !/^sqlite_/i.test(name));
  const tables = own
    .filter(({ type }) => type === 'table')
    .map(({ name, wr, strict }) => readTable(file, scope, name, wr === 1n, strict === 1n));
  const sqlOf = new Map(objects.map(({ name, sql }) => [name, sql]));
  const extras: SourceExtra[] = [
    ...own
      .filter(({ type }) => type !== 'table')
      .map(({ name, type }) => ({ name, type: type as SourceExtra['type'], sql: sqlOf.get(name) ?? null })),
    ...objects
      .filter(({ type }) => type === 'trigger')
      .map(({ name, sql }) => ({ name, type: 'trigger' as const, sql })),
  ];
  return {
    tables,
    extras,
    encoding: file.encoding,
    journalMode: String(db.pragma('journal_mode', { simple: true })),
    userVersion: Number(db.pragma('user_version', { simple: true })),
    fingerprint: createHash('sha256')
      .update(JSON.stringify([file.encoding, objects]))
      .digest('hex'),
  };
}

function readTable(
  { db }: SqliteFile,
  scope: SourceScope,
  name: string,
  withoutRowid: boolean,
  strict: boolean,
): SourceTable {
  const info = db
    .prepare('select name, type, "notnull" as nn, dflt_value, pk, hidden from pragma_table_xinfo(?)')
    .all(name) as { name: string; type: string; nn: bigint; dflt_value: string | null; pk: bigint; hidden: bigint }[];
  const columns: SourceColumn[] = info
    .filter(({ hidden }) => hidden !== 1n)
    .map((column) => ({
      name: column.name,
      declared: column.type,
      notNull: column.nn === 1n,
      pkPosition: Number(column.pk),
      generated: column.hidden > 1n,
      defaultSql: column.dflt_value,
    }));
  const primaryKey = columns
    .filter(({ pkPosition }) => pkPosition > 0)
    .sort((a, b) => a.pkPosition - b.pkPosition)
    .map((column) => column.name);
  return {
    name,
    columns,
    primaryKey,
    withoutRowid,
    strict,
    scopeColumn: scopeColumnOf(
      name,
      columns.map((column) => column.name),
      scope,
    ),
    indexes: readIndexes(db, name),
    foreignKeys: readForeignKeys(db, name),
  };
}

function readIndexes(db: SqliteFile['db'], table: string): SourceTable['indexes'] {
  const listed = db
    .prepare(
      'select l.name, l."unique" as uniq, l.partial, s.sql from pragma_index_list(?) l left join sqlite_schema s on s.name = l.name order by l.name',
    )
    .all(table) as { name: string; uniq: bigint; partial: bigint; sql: string | null }[];
  const members = db.prepare('select name from pragma_index_xinfo(?) where key = 1 order by seqno');
  return listed.map(({ name, uniq, partial, sql }) => ({
    name,
    unique: uniq === 1n,
    partial: partial === 1n,
    sql,
    columns: (members.all(name) as { name: string | null }[]).map((member) => member.name),
  }));
}

function readForeignKeys(db: SqliteFile['db'], table: string): SourceTable['foreignKeys'] {
  const rows = db
    .prepare(
      'select id, "table" as parent, "from" as child, "to" as ref, on_delete from pragma_foreign_key_list(?) order by id, seq',
    )
    .all(table) as { id: bigint; parent: string; child: string; ref: string | null; on_delete: string }[];
  const byId = new Map<bigint, SourceTable['foreignKeys'][number]>();
  for (const row of rows) {
    const key = byId.get(row.id) ?? { columns: [], table: row.parent, references: [], onDelete: row.on_delete };
    key.columns.push(row.child);
    if (row.ref !== null) key.references.push(row.ref);
    byId.set(row.id, key);
  }
  return [...byId.values()];
}
