import { encodeNumeric } from './encode-number';
import { presentEncoder, type ValueEncoder } from './encode-value';
import type { TargetColumn } from './types';

/**
 * The encoder of a column of JSON numbers: a text is the token of a number, exact to its last digit, and goes in only where the
 * target keeps its value. `1.10` keeps its zero in a numeric without scale. `asText`: a rule makes the numbers of this column texts.
 */
export function tokenEncoder(column: TargetColumn, asText: boolean): ValueEncoder | null {
  const present = presentEncoder(column);
  if (!present) return null;
  return (cell, out) => {
    if (typeof cell !== 'string') return present(cell, out);
    const isText = /^(text|varchar|bpchar|citext|enum)$/.test(column.type);
    // As text it keeps its sign, as a double too.
    if (/^-0(?:\.0*)?(?:[eE].*)?$/.test(cell) && !/^float[48]$/.test(column.type) && !(isText && asText))
      return 'negative_zero';
    if (column.type === 'numeric') return encodeDecimal(cell, column, out);
    if (/^float[48]$/.test(column.type)) {
      const value = Number(cell);
      return Number.isFinite(value) && sameDecimal(String(value), cell) ? present(value, out) : 'digits_lost';
    }
    if (/^int[248]$/.test(column.type)) {
      const whole = wholeOf(cell);
      return whole === null ? 'real_in_integer' : present(whole, out);
    }
    return !asText && isText ? 'class_differs' : present(cell, out);
  };
}

const encodeDecimal = (token: string, { precision, scale }: TargetColumn, out: Parameters<ValueEncoder>[1]) => {
  const parts = plainParts(token);
  if (!parts) return 'number_too_large';
  // Beyond what a numeric can hold there is no need to write out the zeros.
  if (parts.digits !== '' && Math.abs(parts.power) > 200_000)
    return parts.power > 0 ? 'number_too_large' : 'digits_lost';
  const bytes = encodeNumeric(expand(token), precision, scale);
  if (typeof bytes === 'string') return bytes;
  out.field(bytes);
  return null;
};

/** Zero without its exponent; a number with an exponent of more than four digits without one. */
function expand(token: string): string {
  const parts = plainParts(token);
  if (!parts || parts.digits === '') return token.replace(/[eE].*/, '');
  if (!/[eE][+-]?\d{5}/.test(token)) return token;
  const { sign, digits, power } = parts;
  if (power >= 0) return `${sign}${digits}${'0'.repeat(power)}`;
  const padded = digits.padStart(1 - power, '0');
  return `${sign}${padded.slice(0, power)}.${padded.slice(power)}`;
}

/** Digits without zeros around them, and the power of ten of the last one. */
function plainParts(token: string): { sign: string; digits: string; power: number } | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token);
  if (!match) return null;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  const all = `${whole}${fraction}`.replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  return { sign, digits, power: Number(power) - fraction.length + (all.length - digits.length) };
}

function sameDecimal(one: string, other: string): boolean {
  const [a, b] = [plainParts(one), plainParts(other)];
  if (!a || !b || a.digits !== b.digits) return false;
  return a.digits === '' || (a.sign === b.sign && a.power === b.power);
}

/** The integer a token stands for (`1e3`, `2.0`), or null. */
function wholeOf(token: string): bigint | null {
  const parts = plainParts(token);
  if (!parts || parts.power < 0 || parts.power > 30) return null;
  return BigInt(`${parts.sign}${parts.digits || '0'}${'0'.repeat(parts.digits ? parts.power : 0)}`);
}
