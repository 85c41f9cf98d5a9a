import Database from 'better-sqlite3';
import { CutoverError } from '@/lib/errors';
import { foldAscii, type SourceScope } from '@/lib/sources/scope';
import type { SourceTable } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { readSourceSchema } from '@/lib/sources/sqlite-schema';
import { batchOrder } from '@/lib/sources/sqlite-sql';
import { requireAccounted } from './account-source';
import { folderOf } from './batch-file';
import { buildTables } from './build-schema';
import type { ExportInput, NamedSource } from './files-types';
import type { FileTable, Manifest } from './manifest';
import { staysBehind } from './stays-behind';

export type OpenSource = { source: NamedSource; file: SqliteFile };
export type PlannedTable = { entry: Omit<FileTable, 'row_count' | 'batches'>; table: SourceTable; open: OpenSource };
export type ExportPlan = { tables: PlannedTable[]; notExported: Manifest['not_exported'] };
type SourceEntries = Manifest['sources'];

/** Every object of every source: exported, or listed with the reason why not. @throws CutoverError export_incomplete | input_invalid */
export function planExport(
  opened: readonly OpenSource[],
  entries: SourceEntries,
  { scope, leaveOut = {} }: Pick<ExportInput, 'scope' | 'leaveOut'>,
): ExportPlan {
  const notExported: ExportPlan['notExported'] = [];
  const tables = opened.flatMap((open) => {
    const schema = readSourceSchema(open.file, scope);
    const behind = staysBehind(open, schema, leaveOut);
    notExported.push(...behind.listed);
    return schema.tables
      .filter(({ name }) => !behind.tables.has(name))
      .map((table) => ({ entry: entryOf(open, table, scope), table, open }));
  });
  requireKnown(leaveOut, notExported);
  requireApart(tables);
  for (const failure of tryTables(tables, entries)) {
    const planned = tables.find(({ entry }) => entry.name === failure.table) as PlannedTable;
    if (failure.kind === 'table')
      throw incomplete(
        `Table ${failure.table} cannot be made from its own definition: ${failure.why}.`,
        'Move this system directly (import without export), or leave the table out with a reason.',
      );
    planned.entry.indexes = planned.entry.indexes.filter((sql) => sql !== failure.statement);
    notExported.push({
      source: planned.open.source.name,
      kind: 'index',
      name: nameOfIndex(planned, failure.statement),
      reason: `this SQLite cannot make it: ${failure.why}`,
    });
  }
  for (const open of opened)
    requireAccounted(
      open,
      tables.filter((one) => one.open === open).map(({ entry }) => entry),
      notExported,
    );
  return { tables: parentsFirst(tables), notExported };
}

const incomplete = (message: string, advice: string): CutoverError =>
  new CutoverError({ code: 'export_incomplete', message, advice });

function entryOf({ source, file }: OpenSource, table: SourceTable, scope: SourceScope): PlannedTable['entry'] {
  const prefix = source.prefix ?? '';
  const order = batchOrder(table);
  // A file of rows is read and written anew batch by batch, which needs an order that costs nothing.
  if (order.by === 'rowid' && order.counted)
    throw incomplete(
      `Table ${table.name} of ${source.name} hides every name of its rowid and has no key, so its rows cannot be told apart.`,
      `Leave it out with a reason, or rename one of its columns.`,
    );
  const name = `${prefix}${table.name}`;
  const sqlOf = (type: string, column: 'name' | 'tbl_name') =>
    file.db
      .prepare(`select sql from sqlite_schema where type = ? and ${column} = ? and sql is not null order by name`)
      .pluck()
      .all(type, table.name) as string[];
  const [create = ''] = sqlOf('table', 'name');
  return {
    name,
    source: source.name,
    original: table.name,
    folder: folderOf(name),
    columns: table.columns.map((column) => ({
      name: column.name,
      type: column.declared,
      not_null: column.notNull,
      generated: column.generated,
    })),
    key: table.primaryKey,
    scope: table.scopeColumn ? { column: table.scopeColumn, value: scope.sourceId } : null,
    depends_on: [...new Set(table.foreignKeys.map((key) => `${prefix}${key.table}`))],
    create,
    indexes: sqlOf('index', 'tbl_name'),
    autoincrement: table.autoincrement ? lastNumber(file, table.name) : null,
  };
}

function lastNumber({ db }: SqliteFile, table: string): string | null {
  const found = db.prepare('select seq from sqlite_sequence where name = ?').pluck().get(table) as unknown;
  return typeof found === 'bigint' ? found.toString() : null;
}

/** A name that leads nowhere is a typing error: what it meant would be exported. */
function requireKnown(leaveOut: Readonly<Record<string, string>>, listed: ExportPlan['notExported']): void {
  for (const [named, reason] of Object.entries(leaveOut)) {
    const known = listed.some(({ source, name }) => name === named || `${source}:${name}` === named);
    if (!known || !reason.trim())
      throw new CutoverError({
        code: 'input_invalid',
        message: known
          ? `${named} is left out without a reason.`
          : `No source holds ${named}, which is to be left out.`,
        advice: 'Write table=reason or source:table=reason.',
      });
  }
}

function requireApart(tables: readonly PlannedTable[]): void {
  const apart = (kind: string, names: { name: string; source: string }[]): void => {
    const seen = new Map<string, string>();
    for (const { name, source } of names) {
      const other = seen.get(foldAscii(name));
      if (other !== undefined)
        throw new CutoverError({
          code: 'input_invalid',
          message: `${kind} ${name} is in ${other} and in ${source}; both cannot go into one schema.`,
          advice: 'Give one of the sources a prefix (name:prefix=file), or leave one table out with a reason.',
          facts: { name, sources: [other, source] },
        });
      seen.set(foldAscii(name), source);
    }
  };
  apart(
    'Table',
    tables.map(({ entry: { name, source } }) => ({ name, source })),
  );
  apart(
    'Index',
    tables.flatMap((one) =>
      one.entry.indexes.map((sql) => ({ name: nameOfIndex(one, sql), source: one.entry.source })),
    ),
  );
}

const nameOfIndex = ({ open, entry }: PlannedTable, sql: string): string =>
  String(
    open.file.db
      .prepare("select name from sqlite_schema where type = 'index' and tbl_name = ? and sql = ?")
      .pluck()
      .get(entry.original, sql),
  );

/** Makes the empty tables in memory, so that what cannot be read back is known before it is written. */
function tryTables(tables: readonly PlannedTable[], entries: SourceEntries) {
  const db = new Database(':memory:');
  try {
    return buildTables(
      db,
      tables.map(({ entry }) => entry),
      entries,
    );
  } finally {
    db.close();
  }
}

function parentsFirst(tables: readonly PlannedTable[]): PlannedTable[] {
  const placed: PlannedTable[] = [];
  let waiting = [...tables];
  const isWaiting = (name: string, self: PlannedTable) =>
    waiting.some((other) => other !== self && foldAscii(other.entry.name) === foldAscii(name));
  while (waiting.length) {
    const free = waiting.filter((one) => !one.entry.depends_on.some((name) => isWaiting(name, one)));
    // In a circle any order will do: the import loads it as one.
    const next = free.length ? free : waiting.slice(0, 1);
    placed.push(...next);
    waiting = waiting.filter((one) => !next.includes(one));
  }
  return placed;
}
