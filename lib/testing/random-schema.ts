/** Repeatable numbers below 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

type Kind = { declared: string; value(random: () => number): string };
const pick = <T>(random: () => number, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
const whole = (random: () => number, most: number): number => Math.floor(random() * most);
const words = [
  'a',
  'Ä',
  'straße',
  ' x ',
  'it’s',
  "it''s",
  'NULL',
  '0',
  '',
  'line\nbreak',
  '😀',
  'A',
  'é',
  'e\u0301',
  '\\',
  '"',
  '%',
  '01',
];

const kinds: Kind[] = [
  { declared: 'INTEGER', value: (random) => String(whole(random, 1e9) - 5e8) },
  {
    declared: 'BIGINT',
    value: (random) => pick(random, ['9223372036854775807', '-9223372036854775808', '0', '9007199254740993']),
  },
  { declared: 'int(11)', value: (random) => String(whole(random, 100)) },
  { declared: 'TEXT', value: (random) => `'${pick(random, words)}'` },
  { declared: 'VARCHAR(20)', value: (random) => `'${pick(random, words)}${whole(random, 50)}'` },
  {
    declared: 'varchar(9) collate nocase',
    value: (random) => `'${pick(random, ['Aa', 'bB', 'ß', 'Zz'])}${whole(random, 9e6)}'`,
  },
  { declared: 'text collate rtrim', value: (random) => `'${pick(random, ['x', 'y '])}${whole(random, 9e6)}  '` },
  {
    declared: 'REAL',
    value: (random) => pick(random, ['0.1', '5e-324', '1.7976931348623157e308', '-2.5', '1e15', '3', String(random())]),
  },
  { declared: 'DECIMAL(10,2)', value: (random) => pick(random, ['1', '12.5', '0.1', '99999999999', '-7.25']) },
  { declared: 'BLOB', value: (random) => `x'${Buffer.from(pick(random, words)).toString('hex')}00ff'` },
  { declared: 'BOOLEAN', value: (random) => pick(random, ['0', '1']) },
  { declared: 'DATETIME', value: (random) => `'20${10 + whole(random, 20)}-01-0${1 + whole(random, 9)} 10:00:00'` },
  { declared: 'STRING', value: (random) => `'s${whole(random, 99)}'` },
  { declared: '', value: (random) => `'${pick(random, words)}'` },
];
const names = [
  'id',
  'Name',
  'order',
  'a b',
  'x.y',
  'é',
  'É',
  'q"q',
  'select',
  'user',
  'ok?',
  'tab\u00a0',
  'größe',
  "it's",
  'CamelCase',
  '1st',
  'rank',
  '%',
  '$1',
  '-- no',
];

const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A file of a few tables of random shape, with rows and references that hold. Same seed, same file. */
export function randomSchema(seed: number): string[] {
  const random = randomFrom(seed);
  const statements: string[] = [];
  const made: { name: string; rows: number }[] = [];
  const tables = 1 + whole(random, 4);
  for (let t = 0; t < tables; t += 1) {
    const name = `${pick(random, names)} ${t}`;
    const style = pick(random, ['rowid', 'rowid', 'auto', 'text', 'composite', 'without'] as const);
    const columns = Array.from({ length: 1 + whole(random, 7) }, (_, i) => ({
      name: `${pick(random, names)}_${i}`,
      kind: pick(random, kinds),
      notNull: random() < 0.3,
    }));
    const lines = columns.map(
      ({ name: column, kind, notNull }) =>
        `${ident(column)} ${kind.declared}${notNull ? ' not null' : ''}${random() < 0.2 ? ` default ${kind.value(random)}` : ''}`,
    );
    const parent = made.length && random() < 0.6 ? pick(random, made) : null;
    const heads = {
      rowid: ['"pk" integer primary key'],
      auto: ['"pk" integer primary key autoincrement'],
      text: ['"pk" text primary key not null'],
      composite: ['"pk" int not null', '"pk2" text not null'],
      without: ['"pk" text', '"pk2" integer'],
    }[style];
    const tails = [
      ...(style === 'composite' || style === 'without' ? ['primary key ("pk", "pk2")'] : []),
      ...(parent ? [`foreign key ("parent") references ${ident(parent.name)} on delete cascade`] : []),
      ...(random() < 0.3 ? ['check ("pk" is not null)'] : []),
    ];
    const strictable = columns.every(({ kind }) => ['INTEGER', 'TEXT', 'REAL', 'BLOB'].includes(kind.declared));
    const options = [
      ...(style === 'without' ? ['without rowid'] : []),
      ...(strictable && random() < 0.5 && style !== 'composite' ? ['strict'] : []),
    ];
    statements.push(
      `create table ${ident(name)} (${[...heads, ...lines, ...(parent ? ['"parent" integer'] : []), ...tails].join(', ')}) ${options.join(', ')}`,
    );
    for (const { name: column } of columns)
      if (random() < 0.25)
        statements.push(
          `create index ${ident(`${name} ${column}`)} on ${ident(name)} (${ident(column)}${pick(random, ['', ' desc', ' collate nocase'])})${random() < 0.3 ? ` where ${ident(column)} is not null` : ''}`,
        );
    const rows = whole(random, 60);
    for (let r = 1; r <= rows; r += 1) {
      const key = {
        rowid: [`${r * 3}`],
        auto: [`${r}`],
        text: [`'k${r}'`],
        composite: [`${r % 5}`, `'${r}'`],
        without: [`'k${r % 7}'`, `${r}`],
      }[style];
      const cells = columns.map(({ kind, notNull }) => (!notNull && random() < 0.15 ? 'null' : kind.value(random)));
      const reference = parent ? [parent.rows && random() < 0.8 ? `${1 + whole(random, parent.rows)}` : 'null'] : [];
      statements.push(`insert into ${ident(name)} values (${[...key, ...cells, ...reference].join(', ')})`);
    }
    if (style === 'auto') made.push({ name, rows });
  }
  return statements;
}
