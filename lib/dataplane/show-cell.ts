import { type Cell, RawText, storageClass } from '@/lib/sources/source';
import type { CellShown } from '@/lib/shared/evidence';
import { differingPoints } from './differing-points';
import { decodeNumeric } from './encode-number';
import { showDate, showTimestamp } from './encode-time';
import type { TargetColumn } from './types';

const mostChars = 400;
const mostHexBytes = 48;
/** What is shown before the first difference of a long value. */
const [charsBefore, bytesBefore] = [100, 16];

/** The first characters, never half of a pair: half a pair cannot be stored as JSON. */
export function cutText(text: string, chars: number): string {
  const cut = text.slice(0, chars);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** Text as it is, invisible characters and all; only NUL is shown as ␀ (JSON in PostgreSQL cannot hold it) with the bytes beside it. */
function shown(text: string, type: string, bytes: Buffer, from: number): CellShown {
  const tail = text.slice(/[\udc00-\udfff]/.test(text[from] ?? '') ? from + 1 : from);
  const visible = cutText(tail, mostChars).replaceAll('\0', '␀');
  const truncated = from > 0 || tail.length > mostChars;
  return {
    text: from > 0 ? `…${visible}` : visible,
    type,
    ...(bytes.length <= mostHexBytes && bytes.length > 0 ? { bytesHex: bytes.toString('hex') } : {}),
    ...(truncated ? { truncated } : {}),
  };
}

/** Some bytes in hex, from where the two sides begin to differ. */
function shownBytes(bytes: Buffer, type: string, from: number): CellShown {
  const hex = bytes.subarray(from, from + mostHexBytes).toString('hex');
  const place = from > 0 ? `, from byte ${from}` : '';
  return {
    text: `${bytes.length} bytes${place}${hex ? `: ${hex}` : ''}`,
    type,
    bytesHex: hex,
    ...(from > 0 ? { from } : {}),
    ...(bytes.length > from + mostHexBytes || from > 0 ? { truncated: true } : {}),
  };
}

/** A source cell. `from` is where to begin in a long one: a character of a text, a byte of a blob. */
export function showSource(cell: Cell, from = 0): CellShown {
  const type = storageClass(cell);
  if (cell === null) return { text: null, type };
  if (typeof cell === 'string') return shown(cell, type, Buffer.from(cell.slice(0, mostHexBytes + 1)), from);
  if (cell instanceof RawText)
    return {
      text: cell.bytes
        .subarray(from, from + mostChars)
        .toString('utf8')
        .replaceAll('\0', '␀'),
      type: 'text, invalid UTF-8',
      bytesHex: cell.bytes.subarray(from, from + mostHexBytes).toString('hex'),
      ...(from > 0 ? { from } : {}),
      ...(cell.bytes.length > from + mostHexBytes || from > 0 ? { truncated: true } : {}),
    };
  if (Buffer.isBuffer(cell)) return shownBytes(cell, type, from);
  return { text: typeof cell === 'number' ? number(cell) : String(cell), type };
}

const isText = ({ type }: TargetColumn): boolean =>
  ['text', 'varchar', 'bpchar', 'citext', 'enum', 'json'].includes(type);

/** A target field in PostgreSQL's binary form. */
export function showTarget(field: Buffer | null, column: TargetColumn, from = 0): CellShown {
  const type = column.typeText;
  if (!field) return { text: null, type };
  const text = textOf(field, column);
  if (text === null) return shownBytes(field, type, from);
  return shown(text, type, isText(column) ? field : Buffer.alloc(0), from);
}

/** The two sides of a cell that differs: of long values the stretch around the first difference, and in words what eyes cannot tell apart. */
export function showPair(cell: Cell, field: Buffer | null, column: TargetColumn) {
  const bytes = cell instanceof RawText ? cell.bytes : Buffer.isBuffer(cell) ? cell : null;
  if (bytes && field && (column.type === 'bytea' || cell instanceof RawText)) {
    const at = firstDifference(bytes, field);
    const from = Math.max(bytes.length, field.length) > mostHexBytes ? Math.max(0, at - bytesBefore) : 0;
    const differs = `first difference at byte ${at}`;
    const source = { ...showSource(cell, from), differs };
    return { source, target: { ...showTarget(field, column, column.type === 'bytea' ? from : 0), differs } };
  }
  const text = field ? textOf(field, column) : null;
  if (typeof cell !== 'string' || text === null) return { source: showSource(cell), target: showTarget(field, column) };
  const isLong = Math.max(cell.length, text.length) > mostChars;
  const from = isLong ? Math.max(0, firstDifference(cell, text) - charsBefore) : 0;
  const [ofSource, ofTarget] = isText(column) ? differingPoints(cell, text, isLong) : [null, null];
  return {
    source: { ...showSource(cell, from), ...(from > 0 ? { from } : {}), ...(ofSource ? { differs: ofSource } : {}) },
    target: {
      ...showTarget(field, column, from),
      ...(from > 0 ? { from } : {}),
      ...(ofTarget ? { differs: ofTarget } : {}),
    },
  };
}

function firstDifference(one: ArrayLike<unknown>, other: ArrayLike<unknown>): number {
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at += 1;
  return at;
}

function textOf(field: Buffer, { type }: TargetColumn): string | null {
  switch (type) {
    case 'int2':
      return String(field.readInt16BE(0));
    case 'int4':
      return String(field.readInt32BE(0));
    case 'int8':
      return String(field.readBigInt64BE(0));
    case 'float4':
      return number(field.readFloatBE(0));
    case 'float8':
      return number(field.readDoubleBE(0));
    case 'numeric':
      return decodeNumeric(field);
    case 'bool':
      return field[0] ? 'true' : 'false';
    case 'date':
      return showDate(field.readInt32BE(0));
    case 'timestamp':
    case 'timestamptz':
      return showTimestamp(field.readBigInt64BE(0), type === 'timestamptz');
    case 'uuid':
      return field.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    case 'jsonb':
      return field.toString('utf8', 1);
    case 'bytea':
      return null;
    default:
      return field.toString('utf8');
  }
}

/** The shortest digits that read back the same, which are what a real becomes in the target. */
const number = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

export const targetText = (field: Buffer | null, column: TargetColumn): string | null =>
  field ? textOf(field, column) : null;
