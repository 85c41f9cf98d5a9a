import { type Cell, RawText } from '@/lib/sources/source';
import type { TargetColumn } from '@/lib/dataplane/types';
import type { Random } from './seeded';

const pick = <T>(random: Random, of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
const whole = (random: Random, below: number) => Math.floor(random() * below);

const signs = [
  'a',
  'Z',
  ' ',
  '\t',
  '\n',
  '\\',
  "'",
  '"',
  'é',
  'e\u0301',
  '€',
  '\ufeff',
  '\ufffd',
  '\u{1f600}',
  '\u07ff',
  '\uffff',
];
const text = (random: Random, most = 30) =>
  Array.from({ length: whole(random, most) }, () => pick(random, signs)).join('');

const two = (value: number) => String(value).padStart(2, '0');
const date = (random: Random) =>
  `${String(1 + whole(random, 9998)).padStart(4, '0')}-${two(1 + whole(random, 12))}-${two(1 + whole(random, 28))}`;
const time = (random: Random) =>
  `${two(whole(random, 24))}:${two(whole(random, 60))}:${two(whole(random, 60))}${pick(random, ['', '.5', '.000001', '.123456', '.12'])}`;
const zone = (random: Random) => pick(random, ['Z', '+02:00', '-11:30', '+00:00', '+15:59']);
const uuid = (random: Random) => seededHex(random, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
const seededHex = (random: Random, length: number) =>
  Array.from({ length }, () => whole(random, 16).toString(16)).join('');

function json(random: Random, depth = 0): string {
  if (depth > 3 || random() < 0.4)
    return pick(random, [
      '1',
      '-0.50',
      '""',
      '"é \\n \\"q\\""',
      'true',
      'null',
      '123456789012345678901',
      '[]',
      '{}',
      `"${seededHex(random, 6)}"`,
    ]);
  const items = Array.from({ length: whole(random, 4) }, () => json(random, depth + 1));
  const space = pick(random, ['', ' ', '\n\t']);
  return random() < 0.5
    ? `[${items.join(`,${space}`)}]`
    : `{${items.map((item, i) => `${space}"k${i}${pick(random, ['', 'é'])}" : ${item}`).join(',')}${space}}`;
}

const oddJson = [
  '{"a":1,"a":2}',
  '"\\u0000"',
  '"\\ud800"',
  '"\\u00e9"',
  '01',
  '1e5',
  '1e400',
  '[1,]',
  '{"a" 1}',
  '{',
  '"',
  '"\\x"',
  'nul',
  ' 1 ',
  '1 2',
  '\ufeff1',
  '-',
  '.5',
  '5.',
  '[[[[[]]]]]',
  '"a\tb"',
  '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
  '{"\\u0061":1,"a":2}',
  '['.repeat(60) + ']'.repeat(60),
];
const oddTimes = [
  '2024-02-29',
  '2023-02-29',
  '1900-02-29',
  '2000-02-29',
  '2024-13-01',
  '0000-01-01',
  '2024-01-01T24:00:00Z',
  '2024-01-01T23:59:60Z',
  '2024-01-01 00:00',
  '2024-01-01t00:00:00z',
  '2024-01-01T00:00:00.1234567Z',
  '2024-01-01T00:00:00.Z',
  '2024-01-01T00:00:00+0200',
  '2024-01-01T00:00:00+16:00',
  '2024-01-01T00:00:00+02',
  '10000-01-01',
  '-001-01-01',
  '2024-1-1',
  '2024-01-01Z',
];
const integers = [
  0n,
  1n,
  -1n,
  2n,
  9999n,
  10_000n,
  10_001n,
  32_767n,
  -32_768n,
  32_768n,
  2_147_483_647n,
  -2_147_483_648n,
  2_147_483_648n,
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  100_000_000n,
  999_999_999n,
];
const reals = [
  0,
  -0,
  0.1,
  0.5,
  -1.25,
  1,
  1e300,
  5e-324,
  1.7976931348623157e308,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  12.5,
  3.4028234663852886e38,
  1e-45,
];

/** A cell that the type is likely to take. */
function fitting(random: Random, { type, maxChars, precision }: TargetColumn): Cell {
  if (type === 'int2') return BigInt(whole(random, 65_536) - 32_768);
  if (type === 'int4') return BigInt(whole(random, 2 ** 32) - 2 ** 31);
  if (type === 'int8')
    return BigInt.asIntN(64, (BigInt(whole(random, 2 ** 32)) << 32n) | BigInt(whole(random, 2 ** 32)));
  if (type === 'numeric')
    return BigInt(whole(random, precision === 5 ? 99_999 : 2 ** 29)) * (random() < 0.5 ? 1n : -1n);
  if (type === 'float4') return Math.fround(random() * 1e6 - 5e5);
  if (type === 'float8')
    return random() < 0.2 ? BigInt(whole(random, 1e9)) : random() * 10 ** (whole(random, 600) - 300);
  if (type === 'bool') return random() < 0.5 ? 0n : 1n;
  if (type === 'bytea') return Buffer.from(seededHex(random, 2 * whole(random, 40)), 'hex');
  if (type === 'uuid') return uuid(random);
  if (type === 'json' || type === 'jsonb') return json(random);
  if (type === 'date') return date(random);
  if (type === 'timestamp') return `${date(random)}${pick(random, ['T', ' '])}${time(random)}`;
  if (type === 'timestamptz') return `${date(random)}${pick(random, ['T', ' '])}${time(random)}${zone(random)}`;
  if (type === 'bpchar')
    return Array.from({ length: maxChars ?? 1 }, () => pick(random, ['a', ' ', '€', '\u{1f600}'])).join('');
  return maxChars === null ? text(random) : [...text(random)].slice(0, maxChars).join('');
}

function awkward(random: Random): Cell {
  return pick<() => Cell>(random, [
    () => null,
    () => pick(random, integers),
    () => pick(random, reals),
    () => pick(random, oddJson),
    () => pick(random, oddTimes),
    () => text(random),
    () => `nul\0${text(random, 5)}`,
    () => '',
    () =>
      pick(random, [
        '12',
        'toto',
        '\0',
        'true',
        '1.5',
        uuid(random).toUpperCase(),
        `${uuid(random)} `,
        'a'.repeat(8),
        '€€€',
        '\u{1f600}\u{1f600}\u{1f600}',
      ]),
    () => Buffer.from(seededHex(random, 2 * whole(random, 12)), 'hex'),
    () => new RawText(Buffer.from(`61ff${seededHex(random, 4)}`, 'hex')),
    () => `${date(random)}T${time(random)}${pick(random, ['', zone(random)])}`,
  ])();
}

/** Cells of every storage class; with a type, mostly such as it takes, and an awkward one now and then. */
export function makeCells(random: Random, count: number, type?: TargetColumn): Cell[] {
  return Array.from({ length: count }, () => {
    if (!type) return random() < 0.5 ? awkward(random) : pick(random, [1n, 'plain', 0.5, null]);
    if (random() < 0.0005) return awkward(random);
    return random() < 0.1 && !type.notNull ? null : fitting(random, type);
  });
}

/** Texts at the edge of valid UTF-8. */
makeCells.damagedTexts = (random: Random, count: number): Cell[] => {
  const edges = [
    0x01, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef,
    0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
  ];
  const pairs = Array.from({ length: 65_536 }, (_, i) => new RawText(Buffer.from([i >> 8, i & 255])));
  return [
    ...pairs,
    ...Array.from({ length: count }, () => {
      const head = Buffer.alloc(whole(random, 9), 0x61);
      return new RawText(
        Buffer.concat([head, Buffer.from(Array.from({ length: 1 + whole(random, 6) }, () => pick(random, edges)))]),
      );
    }),
  ];
};

const editSigns = [...'{}[]():,"\\/ \t\n0123456789eE+-.tfnuZTz', 'é', '\ud83d\ude00', '\u2028', '\\u0041', '"a":1,'];

/** The text with one or two characters taken out, put in or replaced. */
makeCells.edited = (random: Random, text: string): string => {
  let edited = text;
  for (let edits = 1 + whole(random, 2); edits > 0; edits -= 1) {
    const at = whole(random, edited.length + 1);
    const cut = whole(random, 2);
    const put = random() < 0.7 ? pick(random, editSigns) : '';
    edited = edited.slice(0, at) + put + edited.slice(at + cut);
  }
  return edited;
};
