import { quoteIdent } from '@/lib/sources/quote';
import type { Cell, SourceTable } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { batchOrder, countSql, selectSql } from '@/lib/sources/sqlite-sql';
import { sampleText } from './sample-text';
import type { Finding, TableMapping } from './types';

const mostSamples = 5;

type Asked = {
  where: readonly string[];
  /** SQL of what is told of each row; some terms, told with commas between. */
  shown: readonly string[];
  tell: (cells: readonly Cell[]) => string;
};

/** How many of the profile's rows meet a condition, and the first of them by their own key, or by rowid; null where there is none. */
export function rowsMeeting(
  { db }: SqliteFile,
  mapping: TableMapping,
  table: SourceTable,
  { where, shown, tell }: Asked,
): Pick<Finding, 'count' | 'sample'> | null {
  const conditions = [...mapping.keep.map(({ sql }) => sql), ...where];
  const values = mapping.scope ? [mapping.scope.value] : [];
  const count = db
    .prepare(countSql(mapping.source, mapping.scope, conditions))
    .pluck()
    .get(...values) as bigint;
  if (!count) return null;
  const own = mapping.key.filter((name) => name !== mapping.scope?.column);
  const names = own.length ? own : mapping.key;
  const order = batchOrder(table);
  const counted = order.by === 'rowid' && order.counted;
  const keys = names.length
    ? names.map(quoteIdent)
    : order.by === 'key' || counted
      ? (order.by === 'key' ? order.columns : table.columns.slice(0, 1).map(({ name }) => name)).map(quoteIdent)
      : [order.name];
  // A key may be a value of any length.
  const short = keys.map(
    (key) => `case when typeof(${key}) in ('text', 'blob') then substr(${key}, 1, 80) else ${key} end`,
  );
  const rows = db
    .prepare(
      `${selectSql([...short, ...shown].join(', '), mapping.source, mapping.scope, conditions)} limit ${mostSamples}`,
    )
    .raw()
    .all(...values) as Cell[][];
  const rowid = names.length || order.by === 'key' || counted ? '' : 'rowid ';
  const sample = rows.map((row) => ({
    key: `${rowid}${row.slice(0, keys.length).map(sampleText).join(', ')}`,
    value: tell(row.slice(keys.length)),
  }));
  return { count, sample };
}
