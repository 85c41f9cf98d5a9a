import type { Cell } from '@/lib/sources/source';
import { columnEncoder } from './encode-row';
import type { ValueEncoder } from './encode-value';
import type { RowBuffer } from './row-buffer';
import type { ChosenRules, ColumnMapping } from './types';

/** Encoders for a trial on tables of our own, where NULL may stand for what does not fit. */
export const fittingEncoders = (
  table: string,
  columns: readonly ColumnMapping[],
  rules: ChosenRules = [],
): ValueEncoder[] => columns.map((column) => columnEncoder(table, { ...column, notNull: false }, rules));

/** Writes a row of the binary COPY layout, with NULL for each cell that does not fit; returns where those stand. */
export function encodeFitting(row: readonly Cell[], encoders: readonly ValueEncoder[], out: RowBuffer): number[] {
  out.int16(encoders.length);
  return encoders.flatMap((encode, at) => {
    const start = out.length;
    if (!encode(row[at] as Cell, out)) return [];
    out.length = start;
    out.int32(-1);
    return [at];
  });
}
