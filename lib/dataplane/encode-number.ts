/**
 * A decimal text as PostgreSQL's binary numeric: groups of four digits, weight, sign, display scale. Byte for byte what the
 * server sends back for the same value. `scale` null keeps the digits written after the point.
 * Instead of rounding or overflowing it says which of the two would happen. @throws TypeError for what is no plain decimal
 */
export function encodeNumeric(
  text: string,
  precision: number | null,
  scale: number | null,
): Buffer | 'digits_lost' | 'number_too_large' {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
  if (!match) throw new TypeError(`${text} is no decimal number`);
  const [, sign, whole = '', fraction = '', power = '0'] = match;
  const plain = shiftPoint(whole, fraction, Number(power));
  const integer = plain.integer.replace(/^0+/, '');
  let decimals = plain.decimals;
  if (scale !== null) {
    if (decimals.length > scale && /[1-9]/.test(decimals.slice(scale))) return 'digits_lost';
    decimals = decimals.slice(0, scale).padEnd(scale, '0');
    if (precision !== null && integer.length > precision - scale) return 'number_too_large';
  }
  if (integer.length > 131_072) return 'number_too_large';
  if (decimals.length > 16_383) return 'digits_lost';
  return packNumeric(sign === '-', integer, decimals);
}

function shiftPoint(whole: string, fraction: string, power: number): { integer: string; decimals: string } {
  if (power >= 0) {
    const digits = fraction.padEnd(power, '0');
    return { integer: whole + digits.slice(0, power), decimals: digits.slice(power) };
  }
  const digits = whole.padStart(-power + 1, '0');
  return { integer: digits.slice(0, power), decimals: digits.slice(power) + fraction };
}

function packNumeric(negative: boolean, integer: string, decimals: string): Buffer {
  const left = integer.padStart(Math.ceil(integer.length / 4) * 4, '0');
  const right = decimals.padEnd(Math.ceil(decimals.length / 4) * 4, '0');
  const groups = (left + right).match(/.{4}/g)?.map(Number) ?? [];
  let weight = left.length / 4 - 1;
  while (groups.length && groups[0] === 0) {
    groups.shift();
    weight -= 1;
  }
  while (groups.length && groups.at(-1) === 0) groups.pop();
  if (!groups.length) weight = 0;
  const out = Buffer.alloc(8 + groups.length * 2);
  out.writeInt16BE(groups.length, 0);
  out.writeInt16BE(weight, 2);
  out.writeUInt16BE(negative && groups.length ? 0x4000 : 0, 4);
  out.writeUInt16BE(decimals.length, 6);
  groups.forEach((group, i) => out.writeInt16BE(group, 8 + i * 2));
  return out;
}

/** A plain decimal of a double, rounded to so many digits after the point, halves away from zero. */
export function roundDecimal(value: number, scale: number): number {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(String(value));
  if (!match) return value;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  const { integer, decimals } = shiftPoint(whole, fraction, Number(power));
  if (decimals.length <= scale) return value;
  const kept = BigInt(integer + decimals.slice(0, scale)) + (Number(decimals[scale]) >= 5 ? 1n : 0n);
  const digits = kept.toString().padStart(scale + 1, '0');
  return Number(`${sign}${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}0`) || 0;
}

/** The text of a binary numeric, as PostgreSQL prints it. */
export function decodeNumeric(bytes: Buffer): string {
  const count = bytes.readInt16BE(0);
  const weight = bytes.readInt16BE(2);
  const sign = bytes.readUInt16BE(4);
  const scale = bytes.readUInt16BE(6);
  if (sign === 0xc000) return 'NaN';
  if (sign === 0xd000) return 'Infinity';
  if (sign === 0xf000) return '-Infinity';
  const group = (i: number) => String(i >= 0 && i < count ? bytes.readInt16BE(8 + i * 2) : 0).padStart(4, '0');
  let integer = '';
  for (let i = 0; i <= weight; i += 1) integer += group(i);
  let decimals = '';
  for (let i = weight + 1; decimals.length < scale; i += 1) decimals += group(i);
  const text = `${integer.replace(/^0+(?=\d)/, '') || '0'}${scale ? `.${decimals.slice(0, scale)}` : ''}`;
  return sign === 0x4000 ? `-${text}` : text;
}
