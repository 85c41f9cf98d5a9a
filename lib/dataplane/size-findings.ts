import { statSync } from 'node:fs';
import type { Cell } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { quoteIdent } from '@/lib/sources/quote';
import { rowsWhere } from '@/lib/sources/sqlite-sql';
import { finding } from './findings';
import { sampleText } from './sample-text';
import type { Finding, TableMapping, TargetTable } from './types';

/** The longest value that our SQLite reads (V8’s longest string); PostgreSQL’s own limit of 1 GB lies behind it. */
export const mostRowBytes = 0x1fff_ffe8 - 1024;
/** Largest entry of a B-tree index on pages of 8 kB. */
const mostIndexBytes = 2704;

/** Bytes of these cells together, without reading the long ones. */
export const octetsSql = (columns: readonly string[]): string =>
  columns.map((column) => `coalesce(octet_length(${quoteIdent(column)}), 0)`).join(' + ');

/** Rows that no COPY takes and index entries that no index takes, known before the load. */
export function sizeFindings(file: SqliteFile, mapping: TableMapping, goal: TargetTable | undefined): Finding[] {
  return [
    ...rowsTooLarge(file, mapping),
    ...(goal?.indexes ?? []).flatMap((index) => indexTooLarge(file, mapping, goal as TargetTable, index)),
  ];
}

function rowsTooLarge(file: SqliteFile, mapping: TableMapping): Finding[] {
  // A file smaller than the limit holds no row beyond it, and need not be read for that.
  if (statSync(file.path).size < mostRowBytes || !mapping.columns.length) return [];
  const found = overLimit(
    file,
    mapping,
    mapping.columns.map(({ source }) => source),
    mostRowBytes,
  );
  if (!found) return [];
  return [
    finding({
      code: 'row_too_large',
      table: mapping.source,
      ...found,
      rules: ['leave-out-rows'],
      message: `${mapping.source} holds rows of more than 512 MiB, which cannot be read whole.`,
    }),
  ];
}

function indexTooLarge(
  file: SqliteFile,
  mapping: TableMapping,
  goal: TargetTable,
  index: TargetTable['indexes'][number],
): Finding[] {
  const columns = index.columns.map((name) => mapping.columns.find(({ target }) => target === name));
  const long = columns.some(
    (column) => column && /^(text|varchar|bpchar|citext|bytea|numeric)$/.test(column.type.type),
  );
  if (!long || columns.includes(undefined) || !/ USING btree /.test(index.definition)) return [];
  const found = overLimit(
    file,
    mapping,
    columns.flatMap((column) => (column ? [column.source] : [])),
    mostIndexBytes - 16,
  );
  if (!found) return [];
  const isKey = goal.primaryKey.length > 0 && goal.primaryKey.join('\0') === index.columns.join('\0');
  return [
    finding({
      code: 'index_row_too_large',
      table: mapping.source,
      column: index.name,
      ...found,
      rules: isKey ? ['accept'] : ['leave-out-index', 'accept'],
      message: `${mapping.source} holds rows too long for the index ${index.name}: PostgreSQL refuses entries over ${mostIndexBytes} bytes unless they compress. Accepted as it is, the import stops at the first one that does not.`,
    }),
  ];
}

function overLimit(
  { db }: SqliteFile,
  mapping: TableMapping,
  columns: readonly string[],
  limit: number,
): Pick<Finding, 'count' | 'sample'> | null {
  const size = octetsSql(columns);
  const keys = mapping.key.length ? mapping.key : columns;
  const where = rowsWhere(
    mapping.scope,
    mapping.keep.map(({ sql }) => sql),
    [`${size} > ${limit}`],
  );
  const values = mapping.scope ? [mapping.scope.value] : [];
  const table = quoteIdent(mapping.source);
  const count = db
    .prepare(`select count(*) from ${table}${where}`)
    .pluck()
    .get(...values) as bigint;
  if (!count) return null;
  const named = keys.map((name) => `substr(${quoteIdent(name)}, 1, 80)`).join(', ');
  const rows = db
    .prepare(`select ${named}, ${size} from ${table}${where} limit 5`)
    .raw()
    .all(...values) as Cell[][];
  return {
    count,
    sample: rows.map((row) => ({ key: row.slice(0, -1).map(sampleText).join(', '), value: `${row.at(-1)} bytes` })),
  };
}
