import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { AfterStatement } from '@/lib/dataplane/target-ddl/design-types';

/** Rows of the three large tables; `quick` for a first look. */
export type Sizes = { people: number; events: number; notes: number; smallTables: number; smallRows: number };
export const fullSizes: Sizes = { people: 200_000, events: 500_000, notes: 800_000, smallTables: 200, smallRows: 500 };
export const quickSizes: Sizes = { people: 20_000, events: 50_000, notes: 80_000, smallTables: 40, smallRows: 100 };

export const seed = 20_261_121;

const sourceDdl = `
  create table people (id integer primary key, name text not null, email text, joined text not null, score real, photo blob);
  create table events (id integer primary key, person integer not null, kind text not null, payload text, at text not null, weight real);
  create table notes (id integer primary key, person integer not null, title text, body text, starred integer not null);
  create index notes_person on notes (person); create index events_person on events (person);`;

export const targetDdl = `
  create table people (id int8 not null, name text not null, email text, joined timestamptz not null, score float8, photo bytea);
  create table events (id int8 not null, person int8 not null, kind text not null, payload text, at timestamptz not null, weight float8);
  create table notes (id int8 not null, person int8 not null, title text, body text, starred int8 not null);`;
export const largeTables = ['events', 'notes', 'people'];

/** Three primary keys and two indexes, as a service has them. */
export const keysAfter: AfterStatement[] = [
  ...largeTables.map((table) => ({
    kind: 'primary key' as const,
    table,
    name: `${table}_pkey`,
    sql: `alter table bench.${table} add constraint ${table}_pkey primary key (id)`,
  })),
  ...['notes', 'events'].map((table) => ({
    kind: 'index' as const,
    table,
    name: `${table}_person_idx`,
    sql: `create index ${table}_person_idx on bench.${table} (person)`,
  })),
];
export const keysDdl = keysAfter.map(({ sql }) => sql);

export const smallName = (i: number): string => `small_${String(i).padStart(3, '0')}`;
const smallColumns = ['id', 'label', 'amount', 'note'];
export const smallTargetDdl = ({ smallTables }: Sizes): string =>
  Array.from(
    { length: smallTables },
    (_, i) => `create table ${smallName(i)} (id int8 primary key, label text, amount float8, note text);`,
  ).join('\n');

/** Mulberry32: small, fast, the same on every machine. */
function random(from: number): (below: number) => number {
  let state = from >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const words = [
  'alpha',
  'Beta',
  'größe',
  'naïve',
  '東京',
  'été',
  'tab\there',
  'line\nbreak',
  'back\\slash',
  "o'clock",
  '😀',
  '"quoted"',
  'plain',
  'ordinary',
  'words',
  'of',
  'a',
  'note',
];
const iso = (dice: (below: number) => number): string =>
  new Date(1_500_000_000_000 + dice(2 ** 31) * 100 + dice(100)).toISOString();

function sentence(dice: (below: number) => number, most: number): string {
  let text = '';
  for (let count = 1 + dice(most); count > 0; count -= 1) text += `${words[dice(words.length)]} `;
  return text;
}

type Rows = (insert: (...cells: unknown[]) => void, dice: (below: number) => number, count: number) => void;
const rowsOf: Record<string, { columns: number; rows: Rows }> = {
  people: {
    columns: 6,
    rows: (insert, dice, count) => {
      for (let id = 1; id <= count; id += 1) {
        const photo = dice(4) ? null : Buffer.from(Array.from({ length: 60 + dice(200) }, () => dice(256)));
        const email = dice(5) ? `person${id}@example.org` : null;
        insert(id, sentence(dice, 4), email, iso(dice), dice(7) ? dice(1e9) / 997 : null, photo);
      }
    },
  },
  events: {
    columns: 6,
    rows: (insert, dice, count) => {
      for (let id = 1; id <= count; id += 1) {
        const payload = dice(6)
          ? JSON.stringify({ id, text: sentence(dice, 12), n: dice(1e9), tags: [words[dice(18)], dice(9)] })
          : null;
        insert(id, 1 + dice(2e5), ['open', 'close', 'näher'][dice(3)], payload, iso(dice), dice(1e9) / 3);
      }
    },
  },
  notes: {
    columns: 5,
    rows: (insert, dice, count) => {
      for (let id = 1; id <= count; id += 1)
        insert(id, 1 + dice(2e5), dice(3) ? sentence(dice, 3) : null, dice(20) ? sentence(dice, 40) : '', dice(2));
    },
  },
};

function fill(db: Database.Database, table: string, columns: number, rows: Rows, count: number, from: number): void {
  const insert = db.prepare(`insert into ${table} values (${Array(columns).fill('?').join(', ')})`);
  db.transaction(() => rows((...cells) => insert.run(...cells), random(from), count))();
}

/** Made once a size, then kept: the same bytes for the same seed. */
function makeOnce(file: string, make: (db: Database.Database) => void, from?: string): string {
  if (existsSync(file)) return file;
  rmSync(`${file}.new`, { force: true });
  if (from) copyFileSync(from, `${file}.new`);
  const db = new Database(`${file}.new`);
  db.pragma('journal_mode = off');
  db.pragma('synchronous = off');
  make(db);
  db.close();
  renameSync(`${file}.new`, file);
  return file;
}

export type Data = { large: string; small: string };

export function makeData(folder: string, sizes: Sizes): Data {
  mkdirSync(folder, { recursive: true });
  const name = `${sizes.people}-${seed}`;
  const large = makeOnce(join(folder, `large-${name}.sqlite`), (db) => {
    db.exec(sourceDdl);
    for (const [i, [table, { columns, rows }]] of Object.entries(rowsOf).entries())
      fill(db, table, columns, rows, sizes[table as 'people' | 'events' | 'notes'], seed + i);
  });
  const small = makeOnce(join(folder, `small-${name}.sqlite`), (db) => {
    for (let i = 0; i < sizes.smallTables; i += 1) {
      db.exec(`create table ${smallName(i)} (id integer primary key, label text, amount real, note text)`);
      const rows: Rows = (insert, dice, count) => {
        for (let id = 1; id <= count; id += 1)
          insert(id, words[dice(words.length)], dice(1e6) / 7, dice(3) ? sentence(dice, 30) : null);
      };
      fill(db, smallName(i), smallColumns.length, rows, sizes.smallRows, seed + 100 + i);
    }
  });
  return { large, small };
}

/** The same rows four times over, under new ids. */
export function makeFourfold(folder: string, sizes: Sizes): string {
  const { large } = makeData(folder, sizes);
  return makeOnce(
    join(folder, `fourfold-${sizes.people}-${seed}.sqlite`),
    (db) => {
      const rest: Record<string, string> = {
        people: 'name, email, joined, score, photo',
        events: 'person, kind, payload, at, weight',
        notes: 'person, title, body, starred',
      };
      for (const [table, columns] of Object.entries(rest))
        for (let times = 1; times < 4; times += 1) {
          const count = sizes[table as 'people' | 'events' | 'notes'];
          db.exec(
            `insert into ${table} (id, ${columns}) select id + ${times * count}, ${columns} from ${table} where id <= ${count}`,
          );
        }
    },
    large,
  );
}
