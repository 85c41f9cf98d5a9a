import type { SourceTable } from './source';
import { quoteIdent, quoteText } from './quote';

/** How the rows of a table are walked: by rowid where there is one, else by primary key, or by a key of the caller's. */
export type RowOrder =
  /** `counted`: columns hide all names of the rowid; rows are counted in its order, which takes the square of the rows. */
  { by: 'rowid'; name: string; counted?: true } | { by: 'key'; columns: string[] };

/** A name for the rowid that no column hides, or null. */
export function rowidName(table: SourceTable): string | null {
  if (table.withoutRowid) return null;
  const taken = new Set(table.columns.map(({ name }) => name.toLowerCase()));
  return ['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name)) ?? null;
}

/** The order batches are cut in: never null, never two rows alike. */
export function batchOrder(table: SourceTable): RowOrder {
  const name = rowidName(table);
  if (name) return { by: 'rowid', name };
  const keyed = table.withoutRowid || table.rowidAlias !== null;
  return keyed ? { by: 'key', columns: table.primaryKey } : { by: 'rowid', name: 'cutover_row_number', counted: true };
}

export type PageQuery = {
  table: SourceTable;
  columns: readonly string[];
  scope: { column: string } | null;
  order: RowOrder;
  /** SQL conditions over the table's own columns; rows that fail one are left out. */
  keep: readonly string[];
  /** Column → SQL that is read in its place. */
  reads?: Readonly<Record<string, string>>;
  /** true: a condition "after the last key" is part of it. */
  after: boolean;
  /** true: a second column with the exact bytes of text stands behind each column. */
  withBytes: boolean;
  /** true: the order's own columns are not read a second time. */
  withoutKey?: boolean;
};

const orderTerms = (order: RowOrder): string[] =>
  order.by === 'rowid' ? [order.name] : order.columns.map((column) => `${quoteIdent(column)} collate binary`);

/** The profile's rows of a table: the condition over its scope column and those of chosen rules. */
export function rowsWhere(
  scope: { column: string } | null,
  keep: readonly string[],
  more: readonly string[] = [],
): string {
  const conditions = [...(scope ? [`${quoteIdent(scope.column)} collate binary = ?`] : []), ...keep, ...more];
  return conditions.length ? ` where ${conditions.join(' and ')}` : '';
}

/** One page of rows. Parameters: scope value (if scoped), last key (if after), limit. The order's own columns stand last, unless they are left out. */
export function pageSql(query: PageQuery): string {
  const { table, order, scope } = query;
  const cells = query.columns.flatMap((column) => {
    const name =
      query.reads && Object.hasOwn(query.reads, column) ? (query.reads[column] as string) : quoteIdent(column);
    return query.withBytes ? [name, `case typeof(${name}) when 'text' then cast(${name} as blob) end`] : [name];
  });
  const terms = orderTerms(order);
  const keys = query.withoutKey ? [] : order.by === 'rowid' ? [order.name] : order.columns.map(quoteIdent);
  const after = query.after ? [`(${terms.join(', ')}) > (${terms.map(() => '?').join(', ')})`] : [];
  // Without NOT INDEXED SQLite may take the scope's index and sort all rows again for each page.
  const own = `${quoteIdent(table.name)}${order.by === 'rowid' ? ' not indexed' : ''}`;
  const counted = order.by === 'rowid' && order.counted;
  const from = counted
    ? `(select *, row_number() over () as ${order.name} from ${own}) as ${quoteIdent(table.name)}`
    : own;
  return `select ${[...cells, ...keys].join(', ')} from ${from}${rowsWhere(scope, query.keep, after)} order by ${terms.join(', ')} limit ?`;
}

/** Something of the profile's rows: columns, an aggregate, whatever may stand behind SELECT. */
export const selectSql = (
  what: string,
  table: string,
  scope: { column: string } | null,
  conditions: readonly string[] = [],
): string => `select ${what} from ${quoteIdent(table)}${rowsWhere(scope, conditions)}`;

/** A bare count(*) asks the smallest index, which may need a collation of the application's own; count(1) goes past it. */
export const countSql = (table: string, scope: { column: string } | null, keep: readonly string[] = []): string =>
  selectSql(`count(${scope || keep.length ? '*' : '1'})`, table, scope, keep);

export type AlikeQuery = {
  table: string;
  scope: { column: string } | null;
  conditions: readonly string[];
  /** What is told of one row of each group. */
  shown: readonly string[];
  /** Rows are alike when all of these are; a group in which one of them is NULL is none, as in both databases. */
  terms: readonly string[];
};

/** Groups of more than one row that are alike, each with its count as the last column. */
export const alikeSql = ({ table, scope, conditions, shown, terms }: AlikeQuery): string => {
  const present = terms.map((term) => `${term} is not null`).join(' and ');
  return `${selectSql(`${shown.join(', ')}, count(*)`, table, scope, conditions)} group by ${terms.join(', ')} having count(*) > 1 and ${present}`;
};

/** True for rows whose reference leads nowhere; the parent is sought among the same profile's rows. */
export function orphanCondition(
  child: { table: string; columns: readonly string[] },
  parent: { table: string; columns: readonly string[]; scope: { column: string; value: string } | null },
): string {
  const mine = child.columns.map((column) => `${quoteIdent(child.table)}.${quoteIdent(column)}`);
  const match = parent.columns.map((column, i) => `p.${quoteIdent(column)} = ${mine[i]}`);
  if (parent.scope)
    match.push(`p.${quoteIdent(parent.scope.column)} collate binary = ${quoteText(parent.scope.value)}`);
  return `(${mine.map((name) => `${name} is not null`).join(' and ')} and not exists (select 1 from ${quoteIdent(parent.table)} p where ${match.join(' and ')}))`;
}
