import { RowReader } from '@/lib/sources/sqlite-rows';
import { readSourceSchema } from '@/lib/sources/sqlite-schema';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { batchOrder, type RowOrder } from '@/lib/sources/sqlite-sql';
import type { Cell, SourceTable } from '@/lib/sources/source';
import type { TableMapping } from './types';

export type MappedTable = { mapping: TableMapping; table: SourceTable };

const wholeFile = { sourceId: '', scopeColumn: null, scopeColumns: {} };

/** Each mapping with its source table as the open file has it now. */
export function mappedTables(file: SqliteFile, mappings: readonly TableMapping[]): MappedTable[] {
  const { tables } = readSourceSchema(file, wholeFile);
  return mappings.map((mapping) => ({
    mapping,
    table: tables.find(({ name }) => name === mapping.source) as SourceTable,
  }));
}

/** Reads the mapped columns of the profile's rows; in batch order unless another is asked for. */
export const mappedReader = (
  file: SqliteFile,
  { mapping, table }: MappedTable,
  order: RowOrder = batchOrder(table),
): RowReader =>
  new RowReader(file, {
    table,
    columns: mapping.columns.map(({ source }) => source),
    scope: mapping.scope,
    order: withoutScope(order, mapping.scope?.column),
    keep: mapping.keep.map(({ sql }) => sql),
    ...(mapping.reads ? { reads: mapping.reads } : {}),
  });

/** A condition on the scope column fixes it; left in the order it would make SQLite walk over the same rows page after page. */
function withoutScope(order: RowOrder, scope: string | undefined): RowOrder {
  if (order.by === 'rowid') return order;
  const columns = order.columns.filter((name) => name !== scope);
  return columns.length ? { by: 'key', columns } : order;
}

/** Lets signals, timers and messages in between two pages. */
export const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A key as text for the ledger: storage class and exact value, so that reading goes on from the same row. */
export const keyToText = (key: readonly Cell[]): string =>
  JSON.stringify(
    key.map((cell) => {
      if (cell === null) return null;
      if (typeof cell === 'bigint') return { i: cell.toString() };
      if (typeof cell === 'number') return { r: cell };
      if (typeof cell === 'string') return { t: cell };
      return { b: (Buffer.isBuffer(cell) ? cell : cell.bytes).toString('hex') };
    }),
  );

export const textToKey = (text: string): Cell[] =>
  (JSON.parse(text) as ({ i?: string; r?: number; t?: string; b?: string } | null)[]).map((cell) => {
    if (cell === null) return null;
    if (cell.i !== undefined) return BigInt(cell.i);
    if (cell.r !== undefined) return cell.r;
    return cell.t !== undefined ? cell.t : Buffer.from(cell.b ?? '', 'hex');
  });
