import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { CommandLine } from './command-line';

export const shop = `
create table makers (id integer primary key, name text not null);
create table goods (id integer primary key, maker_id integer references makers (id), title text, cents integer, weight real, picture blob);
insert into makers with recursive n (i) as (select 1 union all select i + 1 from n where i < 40) select i, 'Maker ' || i from n;
insert into goods with recursive n (i) as (select 1 union all select i + 1 from n where i < 6000)
  select i, 1 + i % 40, 'Good ' || i || ' ä€😀', i * 9007199254740993 % 9000000000000000000, i / 3.0, x'0000ff' from n;`;
export const dirty = `${shop}
update goods set title = 'a' || char(0) || 'b' where id in (3, 7);
update goods set cents = 'free' where id = 9;`;

export const psql = (dsn: string, sql: string): string => {
  const { stdout, stderr } = spawnSync(
    path.join(process.env.PG_BIN_DIR ?? '', 'psql'),
    ['-XqAt', '-F', '|', '-d', dsn, '-c', `set bytea_output = hex; ${sql}`],
    { encoding: 'utf8', maxBuffer: 1e9 },
  );
  if (stderr) throw new Error(stderr);
  return stdout.trim();
};
export const sqlite = (file: string, sql: string): string => {
  const db = new Database(file, { readonly: true });
  const rows = db.prepare(sql).safeIntegers().raw().all() as unknown[][];
  db.close();
  return rows.map((row) => row.map(String).join('|')).join('\n');
};
export const schemasOf = ({ database }: CommandLine): string =>
  psql(database.dsn, "select string_agg(nspname, ',' order by nspname) from pg_namespace where nspname !~ '^pg_'");
export const moveTo = (schema: string) => ['--to', 'env:TARGET', '--schema', schema] as const;
export const allText = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'latin1'))
    .join('\n');

export async function reached(line: CommandLine, name: string): Promise<void> {
  const file = path.join(line.failpoints, `${name}.hit`);
  for (const until = Date.now() + 60_000; !existsSync(file); ) {
    if (Date.now() > until) throw new Error(`failpoint ${name} was never met`);
    await sleep(20);
  }
}

/** Until a session waits for a table that another one holds. */
export async function waitsFor({ database }: CommandLine, table: string): Promise<void> {
  const sql = `select count(*) from pg_locks where not granted and relation = '${table}'::regclass`;
  for (const until = Date.now() + 60_000; psql(database.dsn, sql) === '0'; )
    if (Date.now() > until) throw new Error(`nobody waits for ${table}`);
}
