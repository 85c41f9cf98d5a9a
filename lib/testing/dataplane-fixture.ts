import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ledgerNameOf } from '@/lib/dataplane/ledger-schema';
import { tempDir, type TestDatabase, testDatabase } from './databases';
import { diffRows, importRows, sourceScope, targetPlace, withTarget } from '@/lib/dataplane';
import type { ChosenRules, DiffReport, ImportInput, ImportReport, SourceScope, TargetPlace } from '@/lib/dataplane';

/** For tests: one SQLite file, one PostgreSQL database, and the calls between them. */
export type Fixture = {
  dir: string;
  path: string;
  database: TestDatabase;
  /** The schema of the loading role's ledger. */
  ledger: string;
  scope: SourceScope;
  place: TargetPlace;
  source: { path: string; allowedRoots: string[] };
  sqlite(sql: string): void;
  sql(text: string): Promise<Record<string, string | null>[]>;
  /** What psql prints, by a program that is not ours. */
  psql(sql: string): string;
  sqliteCli(sql: string): string;
  load(more?: Partial<ImportInput>): Promise<ImportReport>;
  diff(rules?: ChosenRules): Promise<DiffReport>;
};

type Shape = { sqlite: string; target: string; scopeColumn?: string; sharedTables?: Record<string, string> };

/** The target's tables belong into schema `p`; `me` is the profile. */
export async function fixture(name: string, shape: Shape): Promise<Fixture> {
  const dir = tempDir(name);
  const path = join(dir, 'source.sqlite');
  const database = await testDatabase(name);
  const scope = sourceScope('me', shape.scopeColumn ? { scope_column: shape.scopeColumn } : {});
  const place = targetPlace(database.dsn, 'me', { schema: 'p', shared_tables: shape.sharedTables ?? {} });
  const source = { path, allowedRoots: [dir] };
  const sqlite = (sql: string) => {
    const db = new Database(path);
    try {
      db.exec(sql);
    } finally {
      db.close();
    }
  };
  const sql = (text: string) =>
    withTarget(database.dsn, async (client) => (await client.query(text)).rows as Record<string, string | null>[]);
  sqlite(shape.sqlite);
  await sql(`create schema p; set search_path = p, pg_catalog; ${shape.target}`);
  const common = { source, scope, place, rules: [], signal: new AbortController().signal };
  return {
    dir,
    path,
    database,
    ledger: ledgerNameOf(database.name),
    scope,
    place,
    source,
    sqlite,
    sql,
    psql: (text) => execFileSync('psql', [database.dsn, '-XAtc', text], { encoding: 'utf8' }),
    sqliteCli: (text) => execFileSync('sqlite3', ['-readonly', path, text], { encoding: 'utf8' }),
    load: (more = {}) => importRows({ ...common, cutoverId: 'cutover', epoch: 1, sourceDigest: 'snapshot', ...more }),
    diff: (rules = []) => diffRows({ ...common, rules, holdsAt: 'test' }),
  };
}

/** The code of the CutoverError that a promise ends in. */
export const codeOf = async (work: () => Promise<unknown> | unknown): Promise<string> => {
  try {
    await work();
  } catch (thrown) {
    return (thrown as { code?: string }).code ?? String(thrown);
  }
  return 'no error';
};
