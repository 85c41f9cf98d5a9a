import { rowFields } from './binary-rows';
import { canonicalJsonText, JsonProblem } from './json-canonical';
import type { RowView } from './row-key';
import type { TableMapping } from './types';

/** Indexes of the columns in which two rows differ. jsonb is compared by value, everything else by its exact bytes. */
export function differingColumns(mapping: TableMapping, source: Buffer, target: Buffer): number[] {
  const a = rowFields(source);
  const b = rowFields(target);
  const marks = misfitMarks(source);
  return mapping.columns.flatMap(({ type }, i) => {
    const [one, other] = [a[i] ?? null, b[i] ?? null];
    if (marks[i]) return [i];
    if (!one || !other) return one === other ? [] : [i];
    if (one.equals(other)) return [];
    return type.type === 'jsonb' && sameJson(one, other) ? [] : [i];
  });
}

/** A row in the form in which equal rows have equal bytes: jsonb as canonical text. */
export function canonicalRow(mapping: TableMapping, row: Buffer): Buffer {
  if (!mapping.columns.some(({ type }) => type.type === 'jsonb')) return row;
  return Buffer.concat(
    rowFields(row).flatMap((field, i) => {
      const value =
        field && mapping.columns[i]?.type.type === 'jsonb'
          ? Buffer.from(canonicalJsonText(field.toString('utf8', 1)))
          : field;
      const size = Buffer.alloc(4);
      size.writeInt32BE(value ? value.length : -1);
      return value ? [size, value] : [size];
    }),
  );
}

function sameJson(one: Buffer, other: Buffer): boolean {
  try {
    return canonicalJsonText(one.toString('utf8', 1)) === canonicalJsonText(other.toString('utf8', 1));
  } catch (thrown) {
    if (thrown instanceof JsonProblem) return false;
    throw thrown;
  }
}

function misfitMarks(row: Buffer): boolean[] {
  const marks: boolean[] = [];
  let at = 2;
  for (let i = row.readInt16BE(0); i > 0; i -= 1) {
    const size = row.readInt32BE(at);
    marks.push(size < -1);
    at += 4 + Math.max(0, size);
  }
  return marks;
}

export const hasMisfit = (row: Buffer): boolean => misfitMarks(row).includes(true);
export const rowBytes = ({ bytes, start, end }: RowView): Buffer => bytes.subarray(start, end);
