import { readCreateIndex, readCreateTable, type CreateTable } from './create-table';
import { quoteIdent, quoteList } from './quote';
import { foldAscii, scopeColumnOf, type SourceScope } from './scope';
import type { SourceColumn, SourceForeignKey, SourceIndex, SourceTable, Unreadable } from './source';
import type { SqliteFile } from './sqlite-file';
import type { ListedTable } from './sqlite-schema';

/** One plain table; null when this SQLite cannot read it, which is then told in `unreadable`. */
export function readTable(
  { db, asWritten }: SqliteFile,
  scope: SourceScope,
  { name, wr, strict }: ListedTable,
  sqlOf: ReadonlyMap<string, string>,
  unreadable: Unreadable[],
): SourceTable | null {
  try {
    const said = readCreateTable(sqlOf.get(name) ?? '');
    const all = readColumns(db, name, said);
    const columns = readableColumns(db, name, all, unreadable);
    const primaryKey = columns
      .filter(({ pkPosition }) => pkPosition > 0)
      .sort((a, b) => a.pkPosition - b.pkPosition)
      .map((column) => column.name);
    const indexes = asWritten?.has(name)
      ? readIndexes(db, name, sqlOf).map((index) => collatedAsWritten(index, said))
      : readIndexes(db, name, sqlOf);
    // Only the rowid itself needs no index for a primary key.
    const alias = wr !== 1n && primaryKey.length === 1 && !indexes.some(({ origin }) => origin === 'pk');
    const names = columns.map((column) => column.name);
    return {
      name,
      columns,
      primaryKey,
      rowidAlias: alias ? (primaryKey[0] as string) : null,
      autoincrement: said.autoincrement,
      withoutRowid: wr === 1n,
      strict: strict === 1n,
      scopeColumn: scopeColumnOf(name, names, scope),
      indexes,
      foreignKeys: readForeignKeys(db, name, said),
      checks: said.checks,
    };
  } catch (thrown) {
    // Damage and locks concern the file; anything else (a collation, a module) this table alone.
    if (/^SQLITE_(CORRUPT|NOTADB|BUSY|IOERR|CANTOPEN|LOCKED)/.test((thrown as { code?: string }).code ?? ''))
      throw thrown;
    unreadable.push({ table: name, column: null, why: (thrown as Error).message });
    return null;
  }
}

function readColumns(db: SqliteFile['db'], table: string, said: CreateTable): SourceColumn[] {
  const info = db
    .prepare('select name, type, "notnull" as nn, dflt_value, pk, hidden from pragma_table_xinfo(?)')
    .all(table) as { name: string; type: string; nn: bigint; dflt_value: string | null; pk: bigint; hidden: bigint }[];
  const byName = new Map(said.columns.map((column) => [foldAscii(column.name), column]));
  return info
    .filter(({ hidden }) => hidden !== 1n)
    .map((column) => {
      const written = byName.get(foldAscii(column.name));
      return {
        name: column.name,
        declared: column.type,
        notNull: column.nn === 1n,
        pkPosition: Number(column.pk),
        generated: column.hidden > 1n,
        generatedSql: column.hidden > 1n ? (written?.generatedSql ?? null) : null,
        defaultSql: column.dflt_value,
        collation: (written?.collation ?? 'BINARY').toUpperCase(),
      };
    });
}

/** A generated column may need a function that only the application has; the rest of the table can still be read. */
function readableColumns(
  db: SqliteFile['db'],
  table: string,
  columns: SourceColumn[],
  unreadable: Unreadable[],
): SourceColumn[] {
  const probe = (some: readonly SourceColumn[]) =>
    void db.prepare(`select ${quoteList(some.map(({ name }) => name))} from ${quoteIdent(table)} limit 1`).all();
  void db.prepare(`select count(1) from ${quoteIdent(table)}`);
  try {
    probe(columns);
    return columns;
  } catch (thrown) {
    // A row beyond the longest value is a finding of its own, with its key; the table can be read.
    if ((thrown as { code?: string }).code === 'SQLITE_TOOBIG') return columns;
    if (!columns.some(({ generated }) => generated)) throw thrown;
  }
  return columns.filter((column) => {
    if (!column.generated) return true;
    try {
      probe([column]);
      return true;
    } catch (thrown) {
      unreadable.push({ table, column: column.name, why: (thrown as Error).message });
      return false;
    }
  });
}

function readIndexes(db: SqliteFile['db'], table: string, sqlOf: ReadonlyMap<string, string>): SourceIndex[] {
  const listed = db
    .prepare('select name, "unique" as uniq, origin, partial from pragma_index_list(?) order by name')
    .all(table) as { name: string; uniq: bigint; origin: SourceIndex['origin']; partial: bigint }[];
  const members = db.prepare('select cid, name, "desc", coll from pragma_index_xinfo(?) where key = 1 order by seqno');
  return listed.map(({ name, uniq, origin, partial }) => {
    const sql = sqlOf.get(name) ?? null;
    const written = sql ? readCreateIndex(sql) : { terms: [], collations: [], where: null };
    const terms = (members.all(name) as { cid: bigint; name: string | null; desc: bigint; coll: string }[]).map(
      (member, i) => ({
        column: member.name,
        expression: member.cid === -2n ? (written.terms[i] ?? null) : null,
        collation: (member.coll ?? 'BINARY').toUpperCase(),
        descending: member.desc === 1n,
      }),
    );
    return {
      name,
      unique: uniq === 1n,
      partial: partial === 1n,
      sql,
      origin,
      terms,
      where: written.where,
      columns: terms.map(({ column }) => column),
    };
  });
}

/** Of a table that was built again: the collations its file names. */
const collatedAsWritten = (index: SourceIndex, said: CreateTable): SourceIndex => ({
  ...index,
  terms: index.terms.map((term, i) => {
    const column = said.columns.find(({ name }) => term.column !== null && foldAscii(name) === foldAscii(term.column));
    const written = (index.sql && readCreateIndex(index.sql).collations[i]) || column?.collation;
    return written ? { ...term, collation: written.toUpperCase() } : term;
  }),
});

type ForeignKeyRow = { id: bigint; ref: string | null } & Record<
  'parent' | 'child' | 'on_delete' | 'on_update',
  string
>;

function readForeignKeys(db: SqliteFile['db'], table: string, said: CreateTable): SourceForeignKey[] {
  const rows = db
    .prepare(
      'select id, "table" as parent, "from" as child, "to" as ref, on_delete, on_update from pragma_foreign_key_list(?) order by id desc, seq',
    )
    .all(table) as ForeignKeyRow[];
  const byId = new Map<bigint, SourceForeignKey>();
  for (const row of rows) {
    const written = said.foreignKeys[byId.size];
    const key = byId.get(row.id) ?? {
      name: written?.name ?? null,
      columns: [],
      table: row.parent,
      references: [],
      onDelete: row.on_delete,
      onUpdate: row.on_update,
      deferred: written?.deferred ?? false,
    };
    key.columns.push(row.child);
    if (row.ref !== null) key.references = [...key.references, row.ref];
    byId.set(row.id, key);
  }
  return [...byId.values()];
}
