import { quoteIdent } from './quote';
import type { SourceScope } from './scope';
import type { SourceSchema } from './source';
import { type SqliteFile, type SqliteLocation, withSqlite } from './sqlite-file';
import { readSourceSchema } from './sqlite-schema';
import { countSql } from './sqlite-sql';

export type TableCount = {
  table: string;
  rows: string /** rows of this profile; null when the table has no scope column */;
  scoped: string | null;
};

/** Tables, columns, keys and extras of the file. @throws CutoverError source_* */
export const readSource = (location: SqliteLocation, scope: SourceScope): SourceSchema =>
  withSqlite(location, (file) => readSourceSchema(file, scope));

export const countSource = (location: SqliteLocation, scope: SourceScope): TableCount[] =>
  withSqlite(location, (file) => countTables(file, readSourceSchema(file, scope), scope));

export const countTables = ({ db }: SqliteFile, schema: SourceSchema, scope: SourceScope): TableCount[] =>
  schema.tables.map(({ name, scopeColumn }) => ({
    table: name,
    rows: String(db.prepare(countSql(name, null)).pluck().get()),
    scoped: scopeColumn
      ? String(
          db
            .prepare(countSql(name, { column: scopeColumn }))
            .pluck()
            .get(scope.sourceId),
        )
      : null,
  }));

/** Other profiles that have rows in the same file. */
export const otherSourceIds = (location: SqliteLocation, scope: SourceScope): string[] =>
  withSqlite(location, (file) => othersIn(file.db, readSourceSchema(file, scope), scope));

export function othersIn(db: SqliteFile['db'], schema: SourceSchema, scope: SourceScope): string[] {
  const others = new Set<string>();
  for (const { name, scopeColumn } of schema.tables) {
    if (!scopeColumn) continue;
    const column = `${quoteIdent(scopeColumn)} collate binary`;
    const rows = db
      .prepare(`select distinct cast(${quoteIdent(scopeColumn)} as text) from ${quoteIdent(name)} where ${column} <> ?`)
      .pluck()
      .all(scope.sourceId) as (string | null)[];
    for (const id of rows) if (id !== null) others.add(id);
  }
  return [...others].sort();
}
