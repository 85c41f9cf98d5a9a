import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { diffRows, type DiffReport, importRows, sourceScope, targetPlace } from '@/lib/dataplane';
import type { Random } from './seeded';
import { type Change, changes } from './planted-kinds';

/** For tests: two equal databases, in one of which single changes are planted and must be found. */
const rows = 200;
const columns = `i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, z float8, n numeric, nd numeric(12, 3), b bool, t text, m text, v varchar(60),
  c char(4), y bytea, u uuid, j json, jb jsonb, d date, ts timestamp, tz timestamptz`;
const names = columns.split(/,\s+(?=[a-z])/).map((column) => column.trim().split(' ')[0] as string);

type Keying = { table: string; key: string; source: string; target: string; keyed: boolean };
const tables: Keying[] = [
  { table: 'by_number', key: 'id', source: 'id integer primary key', target: 'id int8 primary key', keyed: true },
  { table: 'by_text', key: 'id', source: 'id text primary key', target: 'id text primary key', keyed: true },
  { table: 'by_decimal', key: 'id', source: 'id numeric primary key', target: 'id numeric primary key', keyed: true },
  { table: 'without_key', key: 'id', source: 'id integer', target: 'id int8', keyed: false },
];
const two = (value: number) => String(value).padStart(2, '0');

/** Values whose neighbours are easily taken for equal. */
function cellsOf(i: number): unknown[] {
  const day = `2024-${two((i % 12) + 1)}-${two((i % 28) + 1)}`;
  const clock = `${two(i % 24)}:${two(i % 60)}:${two((i * 7) % 60)}.${String(100_000 + i)}`;
  return [
    BigInt(i - 100),
    BigInt(i * 10_007),
    9_007_199_254_740_993n + BigInt(i),
    i / 8 + 1,
    (i + 1) / 3,
    i % 2 ? -0 : 0,
    BigInt(i),
    i + 0.5,
    BigInt(i % 2),
    `Caf\u00e9 ${i}\nline`,
    i % 2 ? null : '',
    `key ${i} \u{1f600}`,
    `k${String(i).padStart(3, '0')}`,
    Buffer.from(`blob ${i}\0\xff`, 'latin1'),
    `0f8fad5b-d9cb-469f-a165-7086772895${two(i % 100)}`,
    `{"a": ${i}, "b": [1.10, "x"]}`,
    `{"a": ${i}, "b": [1.10, "x"]}`,
    day,
    `${day}T${clock}`,
    `${day}T${clock}Z`,
  ];
}

export type Planted = {
  change: string;
  table: string;
  side: 'source' | 'target';
  row: number;
  found: boolean;
  said: string;
};

export class PlantingGround {
  private constructor(
    private readonly dsn: string,
    private readonly dir: string,
    private readonly client: pg.Client,
  ) {}

  /** Makes both sides equal, by an import. The DSN's database is empty and ours. */
  static async open(dsn: string, dir: string): Promise<PlantingGround> {
    const client = new pg.Client({ connectionString: dsn });
    await client.connect();
    const ground = new PlantingGround(dsn, dir, client);
    const db = new Database(ground.kept);
    await client.query('create schema p; create schema kept');
    for (const { table, source, target } of tables) {
      db.exec(`create table ${table} (${source}, ${names.join(', ')})`);
      await client.query(`create table p.${table} (${target}, ${columns})`);
      const insert = db.prepare(`insert into ${table} values (?${', ?'.repeat(names.length)})`);
      for (let i = 1; i <= rows; i += 1) insert.run(table === 'by_text' ? keyText(i) : BigInt(i), ...cellsOf(i));
    }
    db.close();
    copyFileSync(ground.kept, ground.path);
    await importRows({ ...ground.common(), cutoverId: 'planted', epoch: 1, sourceDigest: 'planted' });
    for (const { table } of tables) await client.query(`create table kept.${table} as select * from p.${table}`);
    return ground;
  }

  private get kept(): string {
    return join(this.dir, 'kept.sqlite');
  }
  private get path(): string {
    return join(this.dir, 'source.sqlite');
  }

  private common() {
    return {
      source: { path: this.path, allowedRoots: [this.dir] },
      scope: sourceScope('p', {}),
      place: targetPlace(this.dsn, 'p', { schema: 'p', shared_tables: {} }),
      rules: [],
      signal: new AbortController().signal,
    };
  }

  diff = (): Promise<DiffReport> => diffRows({ ...this.common(), holdsAt: 'planted' });

  /** Whether a comparison of the two equal sides says so. */
  async isClean(): Promise<boolean> {
    const { equal, differing, missing, extra } = await this.diff();
    return equal === String(rows * tables.length) && [differing, missing, extra].every((count) => count === '0');
  }

  /** Plants one change chosen by the dice, looks for it, and takes it back. */
  async plant(random: Random): Promise<Planted> {
    const dice = (below: number) => Math.floor(random() * below);
    const keying = tables[dice(tables.length)] as Keying;
    const change = changes[dice(changes.length)] as Change;
    const side = random() < 0.5 ? 'source' : 'target';
    const row = 2 + dice(rows - 2);
    const wanted = change.expect(keying.keyed);
    try {
      if (side === 'target') await this.plantInTarget(keying, change, row);
      else this.plantInSource(keying, change, row);
      const { differing, missing, extra, sample, tables: told } = await this.diff();
      const swapped = side === 'source' ? { ...wanted, missing: wanted.extra, extra: wanted.missing } : wanted;
      const counted = { differing: Number(differing), missing: Number(missing), extra: Number(extra) };
      const own = told.find(({ table }) => table === keying.table);
      const cell = change.column && keying.keyed ? sample[0]?.cells.map(({ column }) => column).join() : change.column;
      const found =
        JSON.stringify(counted) === JSON.stringify(swapped) &&
        [own?.differing, own?.missing, own?.extra].join() === Object.values(counted).join() &&
        (change.column === undefined || cell === change.column);
      return {
        change: change.name,
        table: keying.table,
        side,
        row,
        found,
        said: `${JSON.stringify(counted)} ${cell ?? ''}`,
      };
    } finally {
      await this.restore(keying);
    }
  }

  private async plantInTarget({ table, key }: Keying, change: Change, row: number): Promise<void> {
    const id = table === 'by_text' ? `'${keyText(row)}'` : String(row);
    const other = table === 'by_text' ? `'${keyText(row - 1)}'` : String(row - 1);
    for (const sql of change.target({ table: `p.${table}`, key, id, other, names }))
      if ((await this.client.query(sql)).rowCount === 0) throw new Error(`${change.name} changed nothing: ${sql}`);
  }

  private plantInSource({ table, key }: Keying, change: Change, row: number): void {
    const db = new Database(this.path);
    db.defaultSafeIntegers(true);
    const id = table === 'by_text' ? keyText(row) : BigInt(row);
    const other = table === 'by_text' ? keyText(row - 1) : BigInt(row - 1);
    change.source({ db, table, key, id, other, names });
    db.close();
  }

  private async restore({ table }: Keying): Promise<void> {
    await this.client.query(
      `begin; delete from p.${table}; insert into p.${table} select * from kept.${table}; commit`,
    );
    copyFileSync(this.kept, this.path);
  }

  close = (): Promise<void> => this.client.end();
}

const keyText = (i: number): string => `Key-${i}${i % 7 ? '' : '\u00e4\u{1f600}'}`;
