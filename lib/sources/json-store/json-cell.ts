import { isUtf8 } from 'node:buffer';
import { type Cell, RawText } from '@/lib/sources/source';
import { textOf } from './json-tokens';
import type { JsonValue } from './read-records';

/** What values of a column are, as far as a column cares. */
export type ValueClass = 'null' | 'boolean' | 'integer' | 'number' | 'text' | 'nested';
export const valueClasses: readonly ValueClass[] = ['boolean', 'integer', 'number', 'text', 'nested'];

/** `integer`: a whole number of 64 bits as JSON would write it again; any other number is kept as its token. */
export function classOf({ kind, raw }: JsonValue): ValueClass {
  if (kind === 'object' || kind === 'array') return 'nested';
  if (kind !== 'number') return kind;
  return integerOf(raw) === null ? 'number' : 'integer';
}

function integerOf(raw: Buffer): bigint | null {
  if (raw.length > 20) return null;
  const token = raw.toString('latin1');
  if (!/^(0|-?[1-9]\d*)$/.test(token)) return null;
  const value = BigInt(token);
  return value === BigInt.asIntN(64, value) ? value : null;
}

/** The value as a cell: nothing is rounded. A number that is no 64-bit integer is its token, nested values their exact text. */
export function cellOf(value: JsonValue): Cell {
  const { kind, raw } = value;
  if (kind === 'null') return null;
  if (kind === 'boolean') return raw[0] === 0x74 ? 1n : 0n;
  if (kind === 'text') return textOf(raw);
  return (kind === 'number' ? integerOf(raw) : null) ?? rawOf(value);
}

/** The value’s exact JSON text. */
export const rawOf = ({ raw }: JsonValue): string | RawText =>
  isUtf8(raw) ? raw.toString('utf8') : new RawText(Buffer.from(raw));
