import { quoteIdent } from '@/lib/sources/quote';
import type { ColumnMapping } from './types';

/** Bytes of a row that PostgreSQL keeps on one page of 8 kB, with the header of the row. */
export const mostPageBytes = 8160;
/** A longer value may be put aside; what is left of it in the row is a pointer. */
const [longestKept, pointerBytes] = [24, 18];
/** No column takes more of a page than that, so that a table of fewer columns always fits. */
const fewestColumns = Math.floor(mostPageBytes / longestKept) - 10;

const fixed: Record<string, number> = {
  int2: 2,
  int4: 4,
  int8: 8,
  float4: 4,
  float8: 8,
  bool: 1,
  date: 4,
  timestamp: 8,
  timestamptz: 8,
  uuid: 16,
  enum: 4,
};
const aligned = (type: string): number => (type === 'uuid' ? 1 : (fixed[type] ?? 1));

/** Sums of many terms in the shape of a tree: SQLite takes no expression nested deeper than 1000. */
export function sumSql(terms: readonly string[]): string {
  if (terms.length <= 2) return terms.join(' + ') || '0';
  const middle = terms.length >> 1;
  return `(${sumSql(terms.slice(0, middle))}) + (${sumSql(terms.slice(middle))})`;
}

/**
 * Bytes that a row takes of its page once every long value is put aside, as SQL over the source's columns; exact where all columns are
 * of one kind, else a few bytes too many for the gaps between them. Null where no row can be too wide.
 */
export function pageBytesSql(columns: readonly ColumnMapping[]): string | null {
  if (columns.length < fewestColumns) return null;
  const header = Math.ceil((23 + Math.ceil(columns.length / 8)) / 8) * 8;
  const terms = columns.map((column, i) => {
    const before = columns[i - 1]?.type.type ?? 'int8';
    const gap = Math.max(0, aligned(column.type.type) - aligned(before));
    return bytesSql(column, gap);
  });
  return `${header} + ${sumSql(terms)}`;
}

function bytesSql({ source, type }: ColumnMapping, gap: number): string {
  const name = quoteIdent(source);
  const size = fixed[type.type];
  if (size !== undefined) return `(${name} is not null) * ${size + gap}`;
  // The binary form of numeric and jsonb is not known here; it is no longer than this.
  const bytes =
    type.type === 'numeric'
      ? `min(${longestKept}, 7 + length(${name}) / 2)`
      : type.type === 'jsonb'
        ? `${longestKept}`
        : `1 + octet_length(${name})`;
  return `coalesce(case when ${bytes} > ${longestKept} then ${pointerBytes} else ${bytes} end, 0) * (${name} is not null)`;
}
