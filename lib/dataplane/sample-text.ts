import { type Cell, RawText } from '@/lib/sources/source';
import type { SourceTable } from '@/lib/sources/source';
import { batchOrder } from '@/lib/sources/sqlite-sql';
import { realText } from './apply-rule';
import { cutText } from './show-cell';
import type { TableMapping } from './types';

/** A double with all of its digits before the point: JavaScript rounds 9223372036854775808 to sixteen of them. */
function exactDigits(value: number): string {
  if (Object.is(value, -0)) return '-0';
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? BigInt(value).toString() : String(value);
}

/** Where the shortest digits that read back the same are others, these are what a text or a numeric will hold. */
function realShown(value: number): string {
  const exact = exactDigits(value);
  return exact === String(value) ? exact : `${exact} (as text ${realText(value)})`;
}

/** A value as a sample: short, with NUL and damaged bytes made visible. */
export function sampleText(cell: Cell): string {
  if (cell === null) return 'NULL';
  if (cell instanceof RawText) return `bytes ${cell.bytes.subarray(0, 40).toString('hex')}`;
  if (Buffer.isBuffer(cell)) return `blob ${cell.subarray(0, 40).toString('hex')}`;
  const text = typeof cell === 'number' ? realShown(cell) : String(cell);
  const short = text.length > 80 ? `${cutText(text, 80)}…` : text;
  const visible = short.replaceAll('\0', '\\u0000');
  // Half a pair can be neither stored nor shown.
  return visible.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    (half) => `\\u${half.charCodeAt(0).toString(16)}`,
  );
}

/** What a number tells of a row that has no key. */
const placeWord = (table: SourceTable): string => {
  const order = batchOrder(table);
  return order.by === 'rowid' && order.counted ? 'row' : order.by;
};

/** The row's own key, without the profile's name; the rowid where there is no key. */
export function keyText(mapping: TableMapping, table: SourceTable, row: readonly Cell[]): string {
  const names = mapping.key.filter((name) => name !== mapping.scope?.column);
  if (!names.length && mapping.key.length) return String(mapping.scope?.value ?? '');
  if (!names.length) return `${placeWord(table)} ${row.slice(mapping.columns.length).map(sampleText).join(', ')}`;
  return names
    .map((name) => sampleText(row[mapping.columns.findIndex(({ source }) => source === name)] as Cell))
    .join(', ');
}
