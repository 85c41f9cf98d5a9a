import Database from 'better-sqlite3';
import { CutoverError } from '@/lib/errors';
import { fenceName, fenceSql, fenceTriggers, unfenceSql } from './fence-sql';
import { quoteIdent } from './quote';
import { othersIn } from './read-source';
import type { SourceScope } from './scope';
import type { SourceSchema } from './source';
import { sqliteError } from './sqlite-errors';
import { checkSourcePath, type SqliteFile, type SqliteLocation, withSqlite } from './sqlite-file';
import { readSourceSchema } from './sqlite-schema';

export type FenceReading = {
  state: 'absent' | 'complete' | 'partial';
  triggers: string[];
  missing: string[];
  /** Tables of the file that a trigger cannot guard (virtual tables). */
  unguarded: string[];
  sql: string[];
  undo: string[];
};

/** What of the fence stands in the file now. */
export const readFence = (location: SqliteLocation, scope: SourceScope, tables?: readonly string[]): FenceReading =>
  withSqlite(location, (file) => readOpenFence(file, scope, tables));

function readOpenFence(
  file: Pick<SqliteFile, 'db' | 'encoding' | 'path'>,
  scope: SourceScope,
  tables?: readonly string[],
): FenceReading {
  const schema = readSourceSchema(file as SqliteFile, scope);
  const wanted = fenceTriggers(schema, scope, tables);
  const standing = standingTriggers(file.db, scope);
  const missing = wanted.filter(({ name, sql }) => standing.get(name) !== sql).map(({ name }) => name);
  const state = standing.size === 0 ? 'absent' : missing.length === 0 ? 'complete' : 'partial';
  return {
    state,
    triggers: [...standing.keys()],
    missing,
    unguarded: schema.extras.filter(({ type }) => type === 'virtual').map(({ name }) => name),
    sql: fenceSql(schema, scope, tables),
    undo: unfenceSql(schema, scope, tables),
  };
}

function standingTriggers(db: SqliteFile['db'], scope: SourceScope): Map<string, string> {
  const prefix = fenceName(scope);
  const rows = db
    .prepare("select name, sql from sqlite_schema where type = 'trigger' and substr(name, 1, ?) = ? order by name")
    .all(prefix.length, prefix) as { name: string; sql: string }[];
  return new Map(rows.map(({ name, sql }) => [name, sql]));
}

/** Stops writes to this profile's rows by any process. Taking the write lock waits until open writers have ended. Safe to repeat.
 *  @throws CutoverError fence_would_stop_others | source_locked | fence_failed */
export const takeFence = (location: SqliteLocation, scope: SourceScope, tables?: readonly string[]): FenceReading =>
  writeFence(
    location,
    (db, schema) => {
      refuseOthers(db, schema, scope, tables);
      const standing = standingTriggers(db, scope);
      for (const { name, sql } of fenceTriggers(schema, scope, tables)) {
        if (standing.get(name) === sql) continue;
        db.exec(`drop trigger if exists ${quoteIdent(name)}`);
        db.exec(sql);
      }
      const now = readOpenFence({ db, encoding: schema.encoding, path: location.path }, scope, tables);
      if (now.state !== 'complete')
        throw new CutoverError({
          code: 'fence_failed',
          message: `The fence in ${location.path} is not complete: ${now.missing.join(', ')}.`,
          advice: 'Retry; nothing was left in the file.',
          retry: 'now',
        });
      return now;
    },
    scope,
  );

/** Takes down every trigger of this profile's fence. Safe to repeat. */
export const liftFence = (location: SqliteLocation, scope: SourceScope): FenceReading =>
  writeFence(
    location,
    (db, schema) => {
      for (const name of standingTriggers(db, scope).keys()) db.exec(`drop trigger if exists ${quoteIdent(name)}`);
      return readOpenFence({ db, encoding: schema.encoding, path: location.path }, scope);
    },
    scope,
  );

function refuseOthers(
  db: SqliteFile['db'],
  schema: SourceSchema,
  scope: SourceScope,
  tables?: readonly string[],
): void {
  const whole = schema.tables.filter(({ name, scopeColumn }) => !scopeColumn && (!tables || tables.includes(name)));
  const others = whole.length ? othersIn(db, schema, scope) : [];
  if (!others.length) return;
  throw new CutoverError({
    code: 'fence_would_stop_others',
    message: `A fence on ${whole.map(({ name }) => name).join(', ')} would also stop ${others.join(', ')}: these tables do not say whose a row is.`,
    advice: 'Name the scope column of these tables in the fleet file, or leave them out of the move.',
    facts: { tables: whole.map(({ name }) => name), others },
  });
}

function writeFence(
  location: SqliteLocation,
  work: (db: SqliteFile['db'], schema: SourceSchema) => FenceReading,
  scope: SourceScope,
): FenceReading {
  checkSourcePath(location);
  let db: SqliteFile['db'] | null = null;
  try {
    db = new Database(location.path, { fileMustExist: true, timeout: (location.busySeconds ?? 5) * 1000 });
    db.pragma('trusted_schema = OFF');
    db.defaultSafeIntegers(true);
    const open = db;
    const encoding = String(open.pragma('encoding', { simple: true }));
    return open
      .transaction(() =>
        work(open, readSourceSchema({ db: open, encoding, path: location.path, close: () => undefined }, scope)),
      )
      .immediate();
  } catch (thrown) {
    throw sqliteError(thrown, location.path);
  } finally {
    db?.close();
  }
}
