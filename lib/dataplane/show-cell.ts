import { type Cell, RawText, storageClass } from '@/lib/sources/source';
import type { CellShown } from '@/lib/shared/evidence';
import { decodeNumeric } from './encode-number';
import { showDate, showTimestamp } from './encode-time';
import type { TargetColumn } from './types';

const mostChars = 400;
const mostHexBytes = 48;

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

/** A source cell. `from` is where to begin in a long text. */
export function showSource(cell: Cell, from = 0): CellShown {
  const type = storageClass(cell);
  if (cell === null) return { text: null, type };
  if (typeof cell === 'string') return shown(cell, type, Buffer.from(cell.slice(0, mostHexBytes + 1)), from);
  if (cell instanceof RawText)
    return {
      text: cell.bytes.subarray(0, mostChars).toString('utf8').replaceAll('\0', '␀'),
      type: 'text, invalid UTF-8',
      bytesHex: cell.bytes.subarray(0, mostHexBytes).toString('hex'),
      ...(cell.bytes.length > mostHexBytes ? { truncated: true } : {}),
    };
  if (Buffer.isBuffer(cell))
    return {
      text: `${cell.length} bytes`,
      type,
      bytesHex: cell.subarray(0, mostHexBytes).toString('hex'),
      ...(cell.length > mostHexBytes ? { truncated: true } : {}),
    };
  return { text: Object.is(cell, -0) ? '-0' : String(cell), type };
}

/** A target field in PostgreSQL's binary form. */
export function showTarget(field: Buffer | null, column: TargetColumn, from = 0): CellShown {
  const type = column.typeText;
  if (!field) return { text: null, type };
  const text = textOf(field, column);
  if (text === null)
    return {
      text: `${field.length} bytes`,
      type,
      bytesHex: field.subarray(0, mostHexBytes).toString('hex'),
      ...(field.length > mostHexBytes ? { truncated: true } : {}),
    };
  const isText = ['text', 'varchar', 'bpchar', 'citext', 'enum', 'json'].includes(column.type);
  return isText ? shown(text, type, field, from) : shown(text, type, Buffer.alloc(0), from);
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

const number = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

/** Where two long texts begin to differ, less some room before it. */
export function windowStart(source: Cell, target: string | null): number {
  if (typeof source !== 'string' || target === null || Math.max(source.length, target.length) <= mostChars) return 0;
  let at = 0;
  while (at < source.length && source[at] === target[at]) at += 1;
  return Math.max(0, at - 100);
}

export const targetText = (field: Buffer | null, column: TargetColumn): string | null =>
  field ? textOf(field, column) : null;
