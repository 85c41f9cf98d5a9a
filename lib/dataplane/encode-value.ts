import { type Cell, RawText } from '@/lib/sources/source';
import { encodeNumeric } from './encode-number';
import { parseIso, timestampMicros } from './encode-time';
import { canonicalJsonText } from './json-canonical';
import type { RowBuffer } from './row-buffer';
import type { FindingCode, TargetColumn } from './types';

/** Why a cell does not fit its target column. */
export type Misfit = Extract<
  FindingCode,
  | 'integer_out_of_range'
  | 'nul_in_text'
  | 'invalid_utf8'
  | 'class_differs'
  | 'null_in_not_null'
  | 'too_long'
  | 'empty_text'
  | 'bad_value'
>;
/** Writes a field (length and bytes) in PostgreSQL's binary form, or says why it cannot; then what it wrote counts for nothing. */
export type ValueEncoder = (cell: Cell, out: RowBuffer) => Misfit | null;

const ranges: Record<string, [bigint, bigint]> = {
  int2: [-0x8000n, 0x7fffn],
  int4: [-0x8000_0000n, 0x7fff_ffffn],
  int8: [-(2n ** 63n), 2n ** 63n - 1n],
};

/** The encoder of a present value by the column's type, or null where the type is not supported. Nothing is ever rounded, cut or guessed. */
export function presentEncoder(column: TargetColumn): ValueEncoder | null {
  switch (column.type) {
    case 'int2':
    case 'int4':
    case 'int8':
      return integerEncoder(column.type);
    case 'float4':
    case 'float8':
      return floatEncoder(column.type);
    case 'numeric':
      // A negative scale rounds whole digits away; no value is put through that.
      return column.scale !== null && column.scale < 0 ? null : numericEncoder(column);
    case 'bool':
      return encodeBool;
    case 'text':
    case 'citext':
    case 'enum':
      return textEncoder(null, false);
    case 'varchar':
      return textEncoder(column.maxChars, false);
    case 'bpchar':
      return textEncoder(column.maxChars, true);
    case 'bytea':
      return encodeBytes;
    case 'uuid':
      return encodeUuid;
    case 'json':
      return jsonEncoder(false);
    case 'jsonb':
      return jsonEncoder(true);
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return timeEncoder(column.type);
    default:
      return null;
  }
}

const notNumber = (cell: Cell): Misfit => (cell === '' ? 'empty_text' : 'class_differs');

function integerEncoder(type: 'int2' | 'int4' | 'int8'): ValueEncoder {
  const [least, most] = ranges[type] as [bigint, bigint];
  return (cell, out) => {
    if (typeof cell !== 'bigint') return notNumber(cell);
    if (cell < least || cell > most) return 'integer_out_of_range';
    if (type === 'int4') {
      out.int32(4);
      out.int32(Number(cell));
    } else if (type === 'int8') {
      out.int32(8);
      out.int64(cell);
    } else {
      out.int32(2);
      out.int16(Number(cell));
    }
    return null;
  };
}

function floatEncoder(type: 'float4' | 'float8'): ValueEncoder {
  const exact = type === 'float4' ? (value: number) => Object.is(Math.fround(value), value) : () => true;
  return (cell, out) => {
    if (typeof cell !== 'number' && typeof cell !== 'bigint') return notNumber(cell);
    const value = Number(cell);
    if (typeof cell === 'bigint' && BigInt(value) !== cell) return 'integer_out_of_range';
    if (!exact(value)) return 'bad_value';
    out.int32(type === 'float4' ? 4 : 8);
    if (type === 'float4') out.float32(value);
    else out.float64(value);
    return null;
  };
}

/** A real goes through its shortest decimal, which reads back as the same eight bytes. */
function numericEncoder({ precision, scale }: TargetColumn): ValueEncoder {
  return (cell, out) => {
    if (typeof cell !== 'number' && typeof cell !== 'bigint') return notNumber(cell);
    if (typeof cell === 'number' && (!Number.isFinite(cell) || Object.is(cell, -0))) return 'bad_value';
    const bytes = encodeNumeric(String(cell), precision, scale);
    if (!bytes) return 'bad_value';
    out.field(bytes);
    return null;
  };
}

const encodeBool: ValueEncoder = (cell, out) => {
  if (cell !== 0n && cell !== 1n) return typeof cell === 'bigint' ? 'bad_value' : notNumber(cell);
  out.int32(1);
  const at = out.reserve(1);
  out.bytes[at] = Number(cell);
  out.length += 1;
  return null;
};

function textEncoder(maxChars: number | null, padded: boolean): ValueEncoder {
  return (cell, out) => {
    if (typeof cell !== 'string') return cell instanceof RawText ? 'invalid_utf8' : 'class_differs';
    if (cell.includes('\0')) return 'nul_in_text';
    if (maxChars !== null && cell.length > maxChars && countChars(cell) > maxChars) return 'too_long';
    // char(n) is padded with spaces by the server, which would be a silent change.
    if (padded && maxChars !== null && countChars(cell) !== maxChars) return 'bad_value';
    out.text(cell);
    return null;
  };
}

/** Characters as PostgreSQL counts them: code points. */
export function countChars(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Bytes are taken as they are; text in a blob column keeps its bytes and nothing is guessed. */
const encodeBytes: ValueEncoder = (cell, out) => {
  if (Buffer.isBuffer(cell)) out.field(cell);
  else if (typeof cell === 'string') out.text(cell);
  else if (cell instanceof RawText) out.field(cell.bytes);
  else return 'class_differs';
  return null;
};

const encodeUuid: ValueEncoder = (cell, out) => {
  if (typeof cell !== 'string') return cell instanceof RawText ? 'invalid_utf8' : 'class_differs';
  if (cell === '') return 'empty_text';
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(cell)) return 'bad_value';
  out.field(Buffer.from(cell.replaceAll('-', ''), 'hex'));
  return null;
};

function jsonEncoder(binary: boolean): ValueEncoder {
  return (cell, out) => {
    if (typeof cell !== 'string') return cell instanceof RawText ? 'invalid_utf8' : 'class_differs';
    if (cell === '') return 'empty_text';
    try {
      if (binary) canonicalJsonText(cell);
      else JSON.parse(cell);
    } catch {
      return 'bad_value';
    }
    if (!binary) {
      out.text(cell);
      return null;
    }
    const bytes = Buffer.from(cell);
    out.field(Buffer.concat([Buffer.from([1]), bytes]));
    return null;
  };
}

/** timestamptz wants an offset in the text, timestamp wants none, date wants no time: anything else is a finding. */
function timeEncoder(type: 'date' | 'timestamp' | 'timestamptz'): ValueEncoder {
  return (cell, out) => {
    if (typeof cell !== 'string') return cell instanceof RawText ? 'invalid_utf8' : 'class_differs';
    if (cell === '') return 'empty_text';
    const parts = parseIso(cell);
    if (!parts) return 'bad_value';
    if (type === 'date') {
      if (parts.hasTime) return 'bad_value';
      out.int32(4);
      out.int32(parts.days);
      return null;
    }
    if (!parts.hasTime || (parts.offsetMinutes === null) === (type === 'timestamptz')) return 'bad_value';
    out.int32(8);
    out.int64(timestampMicros(parts));
    return null;
  };
}
