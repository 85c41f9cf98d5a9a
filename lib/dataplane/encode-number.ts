/**
 * A decimal text as PostgreSQL's binary numeric: groups of four digits, weight, sign, display scale. Byte for byte what the
 * server sends back for the same value. `scale` null keeps the digits written after the point.
 * Returns null when it is no plain decimal or digits would be rounded away.
 */
export function encodeNumeric(text: string, precision: number | null, scale: number | null): Buffer | null {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
  if (!match) return null;
  const [, sign, whole = '', fraction = '', power = '0'] = match;
  const plain = shiftPoint(whole, fraction, Number(power));
  const integer = plain.integer.replace(/^0+/, '');
  let decimals = plain.decimals;
  if (scale !== null) {
    if (decimals.length > scale && /[1-9]/.test(decimals.slice(scale))) return null;
    decimals = decimals.slice(0, scale).padEnd(scale, '0');
    if (precision !== null && integer.length > precision - scale) return null;
  }
  if (integer.length > 131_072 || decimals.length > 16_383) return null;
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
