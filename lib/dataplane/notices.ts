import type { Cell } from '@/lib/sources/source';
import { parseIso } from './encode-time';
import { finding } from './findings';
import { sampleText } from './sample-text';
import type { Finding, TableMapping } from './types';

type Notice = { see(row: readonly Cell[], key: () => string): void; found(): Finding | null };

/** What fits and is still told: nothing of the value is lost, but how it was written is. */
export const noticesOf = (mapping: TableMapping): Notice[] =>
  mapping.columns.flatMap(({ source, type }, i) =>
    type.type === 'timestamptz' ? [offsetNotice(mapping.source, source, i)] : [],
  );

/** timestamptz keeps the instant; the offset it was written with is gone. */
function offsetNotice(table: string, column: string, index: number): Notice {
  let count = 0n;
  const sample: Finding['sample'] = [];
  return {
    see(row, key) {
      const cell = row[index];
      if (typeof cell !== 'string' || !/[+-]\d\d(:?\d\d)?$/.test(cell)) return;
      const parts = parseIso(cell);
      if (typeof parts === 'string' || !parts.hasTime || !parts.offsetMinutes) return;
      count += 1n;
      if (sample.length < 5) sample.push({ key: key(), value: sampleText(cell) });
    },
    found: () =>
      count === 0n
        ? null
        : finding({
            code: 'offset_not_kept',
            table,
            column,
            count,
            sample,
            blocking: false,
            rules: ['accept', 'widen-to-text'],
            message: `${table}.${column} holds times with an offset. The instant is kept; the offset it was written with is not.`,
          }),
  };
}
