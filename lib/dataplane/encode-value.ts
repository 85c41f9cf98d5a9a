import type { Cell } from '@/lib/sources/source';
import { encodeNumeric } from './encode-number';
import { encodeBytes, encodeUuid, jsonEncoder, textEncoder } from './encode-text';
import { timeEncoder } from './encode-moment';
import type { Misfit } from './finding-types';
import type { RowBuffer } from './row-buffer';
import type { TargetColumn } from './types';

export type { Misfit };
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
    if (typeof cell !== 'bigint') return typeof cell === 'number' ? 'real_in_integer' : notNumber(cell);
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

/** An integer goes in only where the double is exactly that integer, a real only where no bit of it is lost. */
function floatEncoder(type: 'float4' | 'float8'): ValueEncoder {
  const exact = type === 'float4' ? (value: number) => Object.is(Math.fround(value), value) : () => true;
  return (cell, out) => {
    if (typeof cell !== 'number' && typeof cell !== 'bigint') return notNumber(cell);
    const value = Number(cell);
    if ((typeof cell === 'bigint' && BigInt(value) !== cell) || !exact(value)) return 'digits_lost';
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
    if (typeof cell === 'number' && !Number.isFinite(cell)) return 'not_finite';
    if (Object.is(cell, -0)) return 'negative_zero';
    const packed = encodeNumeric(String(cell), precision, scale);
    if (!Buffer.isBuffer(packed)) return packed;
    out.field(packed);
    return null;
  };
}

export const booleanWord = /^(t|true|y|yes|on|f|false|n|no|off)$/i;

const encodeBool: ValueEncoder = (cell, out) => {
  if (cell !== 0n && cell !== 1n) {
    if (typeof cell === 'bigint' || typeof cell === 'number') return 'not_boolean';
    return typeof cell === 'string' && booleanWord.test(cell) ? 'boolean_word' : notNumber(cell);
  }
  out.int32(1);
  const at = out.reserve(1);
  out.bytes[at] = Number(cell);
  out.length += 1;
  return null;
};
