import { statSync } from 'node:fs';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { quoteIdent } from '@/lib/sources/quote';
import { finding } from './findings';
import { rowsMeeting } from './sample-rows';
import type { MappedTable } from './source-readers';
import { longTypes } from './target-sql';
import type { Finding, RuleName, TableMapping, TargetSchema, TargetTable } from './types';
import { mostPageBytes, pageBytesSql, sumSql } from './wide-rows';

/** The longest value that our SQLite reads (V8’s longest string); PostgreSQL’s own limit of 1 GB lies behind it. */
export const mostRowBytes = 0x1fff_ffe8 - 1024;
/** Largest entry of a B-tree index on pages of 8 kB. */
const mostIndexBytes = 2704;
export const mostEntryBytes = mostIndexBytes - 16;

/** Bytes of these cells together, without reading the long ones. */
export const octetsSql = (columns: readonly string[]): string =>
  sumSql(columns.map((column) => `coalesce(octet_length(${quoteIdent(column)}), 0)`));

/** Rows that no COPY takes and index entries that no index takes, known before the load. */
export function sizeFindings(
  file: SqliteFile,
  mapped: MappedTable,
  goal: TargetTable | undefined,
  target: TargetSchema,
): Finding[] {
  const referred = (columns: readonly string[]) =>
    target.tables.some(({ foreignKeys }) =>
      foreignKeys.some(
        (key) =>
          key.schema === goal?.schema &&
          key.table === goal.name &&
          [...key.references].sort().join('\0') === [...columns].sort().join('\0'),
      ),
    );
  return [
    ...rowsTooLarge(file, mapped),
    ...rowsTooWide(file, mapped),
    ...(goal?.indexes ?? []).flatMap((index) =>
      indexTooLarge(file, mapped, goal as TargetTable, index, {
        referred: referred(index.columns),
        designed: target.designed === true,
      }),
    ),
  ];
}

function rowsTooLarge(file: SqliteFile, mapped: MappedTable): Finding[] {
  const { mapping } = mapped;
  // A file smaller than the limit holds no row beyond it, and need not be read for that.
  if (statSync(file.path).size < mostRowBytes || !mapping.columns.length) return [];
  const size = octetsSql(mapping.columns.map(({ source }) => source));
  const found = overLimit(file, mapped, size, mostRowBytes);
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

function rowsTooWide(file: SqliteFile, mapped: MappedTable): Finding[] {
  const { mapping } = mapped;
  const size = pageBytesSql(mapping.columns);
  const found = size === null ? null : overLimit(file, mapped, size, mostPageBytes);
  if (!found) return [];
  return [
    finding({
      code: 'row_too_wide',
      table: mapping.source,
      ...found,
      rules: ['leave-out-rows', 'accept'],
      message: `${mapping.source} holds rows with so many filled columns that PostgreSQL cannot keep them on one page: at most ${mostPageBytes} bytes a row beside its long values. Divide the table in the source to move them all.`,
    }),
  ];
}

function indexTooLarge(
  file: SqliteFile,
  mapped: MappedTable,
  goal: TargetTable,
  index: TargetTable['indexes'][number],
  { referred, designed }: { referred: boolean; designed: boolean },
): Finding[] {
  const { mapping } = mapped;
  const size = indexOctetsSql(mapping, index);
  const found = size === null ? null : overLimit(file, mapped, size, mostEntryBytes);
  if (!found) return [];
  const isKey = goal.primaryKey.length > 0 && goal.primaryKey.join('\0') === index.columns.join('\0');
  const unique = index.definition.startsWith('CREATE UNIQUE ');
  const plain = goal.uniqueKeys.some(({ name }) => name === index.name);
  const digest: RuleName[] = plain && !mapping.shared && !referred ? ['digest-index'] : [];
  // A system that made its own primary key counts on it.
  const fixed = isKey && !designed;
  return [
    finding({
      code: 'index_row_too_large',
      table: mapping.source,
      column: index.name,
      ...found,
      rules: fixed ? ['accept'] : [...digest, 'leave-out-index', 'accept'],
      message: `${mapping.source} holds rows too long for the ${isKey ? 'primary key' : unique ? 'unique index' : 'index'} ${index.name}: PostgreSQL refuses entries over ${mostIndexBytes} bytes unless they compress.${unique && !fixed ? ' Left out, nothing in the target keeps these values unique.' : ''}`,
    }),
  ];
}

/** Bytes that a row gives to an index, as SQL over the source's columns; null where none of its columns can be long. */
export function indexOctetsSql(
  { columns: mapped }: TableMapping,
  { columns: plain, definition }: TargetTable['indexes'][number],
): string | null {
  const columns = [...plain, ...foldedColumns(definition)].map((name) => mapped.find(({ target }) => target === name));
  const long = columns.some((column) => column && longTypes.test(column.type.type));
  if (!long || columns.includes(undefined) || !/ USING btree /.test(definition)) return null;
  return octetsSql(columns.flatMap((column) => (column ? [column.source] : [])));
}

/** Columns that stand in an index folded, as a key by NOCASE or RTRIM does. */
const foldedColumns = (definition: string): string[] =>
  [...definition.matchAll(/\b(?:lower|rtrim)\(\(?(?:"((?:[^"]|"")+)"|([a-z_][a-z0-9_$]*))/g)].map(
    ([, quoted, plain]) => plain ?? (quoted as string).replaceAll('""', '"'),
  );

const overLimit = (
  file: SqliteFile,
  { mapping, table }: MappedTable,
  size: string,
  limit: number,
): Pick<Finding, 'count' | 'sample'> | null =>
  rowsMeeting(file, mapping, table, {
    where: [`${size} > ${limit}`],
    shown: [size],
    tell: ([bytes]) => `${bytes} bytes`,
  });
