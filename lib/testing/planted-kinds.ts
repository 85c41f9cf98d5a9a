import type Database from 'better-sqlite3';

type Counts = { differing: number; missing: number; extra: number };
type InTarget = { table: string; key: string; id: string; other: string; names: readonly string[] };
type InSource = {
  db: Database.Database;
  table: string;
  key: string;
  id: unknown;
  other: unknown;
  names: readonly string[];
};

/** One kind of single change, on either side. `expect` is what a change of the target must come out as. */
export type Change = {
  name: string;
  /** The only column that differs. */
  column?: string;
  expect(keyed: boolean): Counts;
  target(place: InTarget): string[];
  source(place: InSource): void;
};

/** A changed row; without a key it is one row gone and another one come. */
const changed =
  (count: number) =>
  (keyed: boolean): Counts =>
    keyed ? { differing: count, missing: 0, extra: 0 } : { differing: 0, missing: count, extra: count };

/** A cell: in SQL of the target, and as a function of the source's value. */
const cell = (name: string, column: string, sql: string, to: (value: never) => unknown): Change => ({
  name,
  column,
  expect: changed(1),
  target: ({ table, key, id }) => [`update ${table} set ${column} = ${sql} where ${key} = ${id}`],
  source: ({ db, table, key, id }) => {
    const before = db.prepare(`select ${column} from ${table} where ${key} = ?`).pluck().get(id) as never;
    const after = to(before);
    if (Object.is(after, before)) throw new Error(`${name} changed nothing`);
    db.prepare(`update ${table} set ${column} = ? where ${key} = ?`).run(after, id);
  },
});

const nextMicro = (text: string): string =>
  text.replace(/(\.\d{5})(\d)/, (_, head, last) => `${head}${(Number(last) + 1) % 10}`);
const flip = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
};

const cells: Change[] = [
  cell('int2 one more', 'i2', 'i2 + 1', (value: bigint) => value + 1n),
  cell('int4 one less', 'i4', 'i4 - 1', (value: bigint) => value - 1n),
  cell('int8 one more, above 2^53', 'i8', 'i8 + 1', (value: bigint) => value + 1n),
  cell('int4 to NULL', 'i4', 'null', () => null),
  cell('float4 next value', 'f4', '(f4::float8 * 1.0000001192092896)::float4', (value: number) =>
    Math.fround(value * 1.0000001192092896),
  ),
  cell('float8 last bit', 'f8', 'f8 * 1.0000000000000002::float8', (value: number) => value * 1.0000000000000002),
  cell('sign of zero', 'z', '-z', (value: number) => -value),
  cell('numeric one more', 'n', 'n + 1', (value: bigint) => value + 1n),
  cell('numeric(12,3) a thousandth', 'nd', 'nd + 0.001', (value: number) => Number((value + 0.001).toFixed(3))),
  cell('boolean turned', 'b', 'not b', (value: bigint) => 1n - value),
  cell('trailing space', 't', `t || ' '`, (value: string) => `${value} `),
  cell('leading space', 't', `' ' || t`, (value: string) => ` ${value}`),
  cell('NFD for NFC', 't', `replace(t, e'\\u00e9', e'e\\u0301')`, (value: string) => value.normalize('NFD')),
  cell('CRLF for LF', 't', `replace(t, e'\\n', e'\\r\\n')`, (value: string) => value.replace('\n', '\r\n')),
  cell('zero-width space', 't', `t || e'\\u200b'`, (value: string) => `${value}\u200b`),
  cell('byte order mark', 't', `e'\\ufeff' || t`, (value: string) => `\ufeff${value}`),
  cell('text to NULL', 't', 'null', () => null),
  cell('text to empty', 't', `''`, () => ''),
  cell('NULL against empty', 'm', `case when m is null then '' end`, (value: string | null) =>
    value === null ? '' : null,
  ),
  cell('case of a letter', 'v', `replace(v, 'k', 'K')`, (value: string) => value.replace('k', 'K')),
  cell('another emoji', 'v', `replace(v, e'\\U0001f600', e'\\U0001f601')`, (value: string) =>
    value.replace('\u{1f600}', '\u{1f601}'),
  ),
  cell('letter of char(4)', 'c', `replace(c, 'k', 'l')`, (value: string) => value.replace('k', 'l')),
  cell('one bit of a blob', 'y', 'set_byte(y, 0, get_byte(y, 0) # 1)', (value: Buffer) => flip(value, 0)),
  cell('last bit of a blob', 'y', 'set_byte(y, length(y) - 1, get_byte(y, length(y) - 1) # 1)', (value: Buffer) =>
    flip(value, value.length - 1),
  ),
  cell('blob one byte longer', 'y', `y || '\\x00'::bytea`, (value: Buffer) => Buffer.concat([value, Buffer.from([0])])),
  cell('digit of a uuid', 'u', `('1' || substr(u::text, 2))::uuid`, (value: string) => `1${value.slice(1)}`),
  cell('white space in json', 'j', `(j::text || ' ')::json`, (value: string) => `${value} `),
  cell('number inside jsonb', 'jb', `jsonb_set(jb, '{a}', to_jsonb((jb->>'a')::int + 1))`, (value: string) =>
    value.replace(/"a": (\d+)/, (_, a) => `"a": ${Number(a) + 1}`),
  ),
  cell('scale of a number inside jsonb', 'jb', `jsonb_set(jb, '{b,0}', '1.1')`, (value: string) =>
    value.replace('1.10', '1.1'),
  ),
  cell('next day', 'd', 'd + 1', (value: string) =>
    value.replace(/-(\d\d)$/, (_, day) => `-${String(Number(day) + 1).padStart(2, '0')}`),
  ),
  cell('timestamp one microsecond', 'ts', `ts + interval '1 microsecond'`, nextMicro),
  cell('timestamptz one microsecond', 'tz', `tz + interval '1 microsecond'`, nextMicro),
];

const rows: Change[] = [
  {
    name: 'a row gone',
    expect: () => ({ differing: 0, missing: 1, extra: 0 }),
    target: ({ table, key, id }) => [`delete from ${table} where ${key} = ${id}`],
    source: ({ db, table, key, id }) => db.prepare(`delete from ${table} where ${key} = ?`).run(id),
  },
  {
    name: 'a row too many',
    expect: () => ({ differing: 0, missing: 0, extra: 1 }),
    target: ({ table, key, id, names }) => {
      const fresh = id.startsWith("'") ? `${id} || 'x'` : table.endsWith('without_key') ? id : '900001';
      return [`insert into ${table} select ${fresh}, ${names.join(', ')} from ${table} where ${key} = ${id}`];
    },
    source: ({ db, table, key, id, names }) => {
      const fresh = typeof id === 'string' ? `${id}x` : table === 'without_key' ? id : 900_001n;
      db.prepare(`insert into ${table} select ?, ${names.join(', ')} from ${table} where ${key} = ?`).run(fresh, id);
    },
  },
  {
    name: 'a changed key',
    expect: () => ({ differing: 0, missing: 1, extra: 1 }),
    target: ({ table, key, id }) => [
      `update ${table} set ${key} = ${id.startsWith("'") ? `${id} || ' '` : `${id} + 900000`} where ${key} = ${id}`,
    ],
    source: ({ db, table, key, id }) =>
      db
        .prepare(`update ${table} set ${key} = ? where ${key} = ?`)
        .run(typeof id === 'string' ? `${id} ` : (id as bigint) + 900_000n, id),
  },
  {
    name: 'two rows swapped',
    column: 't',
    expect: changed(2),
    target: ({ table, key, id, other }) => [
      `update ${table} a set t = b.t from ${table} b where a.${key} in (${id}, ${other}) and b.${key} in (${id}, ${other}) and a.${key} <> b.${key}`,
    ],
    source: ({ db, table, key, id, other }) => {
      const text = db.prepare(`select t from ${table} where ${key} = ?`).pluck();
      const [one, two] = [text.get(id), text.get(other)];
      const put = db.prepare(`update ${table} set t = ? where ${key} = ?`);
      put.run(two, id);
      put.run(one, other);
    },
  },
];

/** Cells and rows; the latter more than once, so that chance meets them often enough. */
export const changes: Change[] = [...cells, ...rows, ...rows, ...rows];
