import type { TableMapping } from './types';

const signed: Record<string, 2 | 4 | 8> = { int2: 2, int4: 4, date: 4, int8: 8, timestamp: 8, timestamptz: 8 };
const byBytes = new Set(['text', 'varchar', 'bytea', 'uuid', 'bool']);

/** Whether both databases can give the rows in one and the same order of this key. */
export const isOrderable = (mapping: TableMapping): boolean =>
  mapping.key.length > 0 &&
  keyIndexes(mapping).every((i) => {
    const type = mapping.columns[i]?.type.type ?? '';
    return type in signed || byBytes.has(type);
  });

export const keyIndexes = (mapping: TableMapping): number[] =>
  mapping.key.map((name) => mapping.columns.findIndex(({ source }) => source === name));

/** A row inside a buffer, in the binary COPY layout. */
export type RowView = { bytes: Buffer; start: number; end: number };

/** The two streams are not in the order this compares by: the table must be compared another way. */
export class OrderBroken extends Error {}

/** Compares two rows by key. @throws OrderBroken for a NULL in a key or a cell that has no target form */
export function keyComparer(mapping: TableMapping): (a: RowView, b: RowView) => number {
  const indexes = keyIndexes(mapping);
  const sizes = indexes.map((i) => signed[mapping.columns[i]?.type.type ?? ''] ?? 0);
  return (a, b) => {
    for (let k = 0; k < indexes.length; k += 1) {
      const i = indexes[k] as number;
      const atA = fieldAt(a, i);
      const atB = fieldAt(b, i);
      const lengthA = a.bytes.readInt32BE(atA);
      const lengthB = b.bytes.readInt32BE(atB);
      if (lengthA < 0 || lengthB < 0) throw new OrderBroken();
      const order = sizes[k]
        ? compareSigned(a.bytes, atA + 4, b.bytes, atB + 4, sizes[k] as 2 | 4 | 8)
        : a.bytes.compare(b.bytes, atB + 4, atB + 4 + lengthB, atA + 4, atA + 4 + lengthA);
      if (order !== 0) return order;
    }
    return 0;
  };
}

function fieldAt({ bytes, start }: RowView, index: number): number {
  let at = start + 2;
  for (let i = 0; i < index; i += 1) {
    const size = bytes.readInt32BE(at);
    at += 4 + (size > 0 ? size : 0);
  }
  return at;
}

function compareSigned(a: Buffer, atA: number, b: Buffer, atB: number, size: 2 | 4 | 8): number {
  if (size === 8) {
    const difference = a.readBigInt64BE(atA) - b.readBigInt64BE(atB);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  return size === 4 ? a.readInt32BE(atA) - b.readInt32BE(atB) : a.readInt16BE(atA) - b.readInt16BE(atB);
}

export const sameBytes = (a: RowView, b: RowView): boolean =>
  a.end - a.start === b.end - b.start && a.bytes.compare(b.bytes, b.start, b.end, a.start, a.end) === 0;
