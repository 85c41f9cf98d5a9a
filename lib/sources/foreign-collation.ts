import { constants, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { quoteIdent, quoteList } from './quote';
import { isWord, tokens } from './sqlite-tokens';

/** A readable copy, and what its rebuilt tables and indexes are in the file itself. */
export type Rebuilt = { db: Database.Database; asWritten: ReadonlyMap<string, string> };
type Written = { name: string; tbl_name: string; sql: string };

/** SQLite's own. Its list of collations also holds those that a schema only names. */
const own = new Set(['BINARY', 'NOCASE', 'RTRIM']);
/** Keyed tables without rowid that need a collation which only their application has: without it SQLite cannot even read them. */
const needing = `
  select distinct t.name from pragma_table_list t join pragma_index_list(t.name) i join pragma_index_xinfo(i.name) x
  where t.schema = 'main' and t.type = 'table' and t.wr = 1 and x.key = 1 and x.coll is not null
    and upper(x.coll) not in ('BINARY', 'NOCASE', 'RTRIM')`;

/**
 * Such tables are built again, in the order of their bytes, in a copy of the file that nobody else sees: rows are read from it as they
 * are, and the file itself is only read. `db` must hold its read transaction, so that file and WAL stay as they are meanwhile;
 * `open` must take its own at once, for the copy has no name any more when it returns. @returns null when the file needs none of this
 */
export function openRebuilt(
  path: string,
  db: Database.Database,
  open: (copy: string) => Database.Database,
): Rebuilt | null {
  const tables = db.prepare(needing).pluck().all() as string[];
  if (!tables.length || !existsSync(path)) return null;
  const written = db.prepare(
    "select name, tbl_name, sql from sqlite_schema where type in ('table', 'index') and tbl_name = ? and sql is not null",
  );
  const objects = tables.flatMap((name) => written.all(name) as Written[]);
  const folder = mkdtempSync(join(tmpdir(), 'cutover-rebuilt-'));
  const copy = join(folder, 'copy.db');
  try {
    copyFileSync(path, copy, constants.COPYFILE_FICLONE);
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    rebuild(copy, tables, objects);
    return { db: open(copy), asWritten: new Map(objects.map(({ name, sql }) => [name, sql])) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const aside = (i: number): string => `cutover_rebuilt_${i}`;

/** The rows are taken out under a collation that promises no order of bytes, and put in again under the one that does. */
function rebuild(copy: string, tables: readonly string[], objects: readonly Written[]): void {
  const triggers = withCopy(copy, (db) => {
    db.pragma('journal_mode = DELETE');
    const all = db.prepare("select name, tbl_name, sql from sqlite_schema where type = 'trigger'").all() as Written[];
    db.exec("delete from sqlite_schema where type = 'trigger'");
    write(db, objects, (sql) => recollated(sql, 'RTRIM'));
    return all;
  });
  withCopy(copy, (db) => {
    tables.forEach((name, i) => {
      db.exec(`create table ${aside(i)} as select ${stored(db, name)} from ${quoteIdent(name)}`);
      db.exec(`delete from ${quoteIdent(name)}`);
    });
    write(db, objects, (sql) => recollated(sql, 'BINARY'));
  });
  withCopy(copy, (db) => {
    tables.forEach((name, i) => {
      const columns = stored(db, name);
      db.exec(
        `insert into ${quoteIdent(name)} (${columns}) select ${columns} from ${aside(i)}; drop table ${aside(i)}`,
      );
    });
    const put = db.prepare(
      "insert into sqlite_schema (type, name, tbl_name, rootpage, sql) values ('trigger', ?, ?, 0, ?)",
    );
    for (const { name, tbl_name, sql } of triggers) put.run(name, tbl_name, sql);
  });
}

function withCopy<T>(copy: string, work: (db: Database.Database) => T): T {
  const db = new Database(copy, { fileMustExist: true });
  try {
    db.unsafeMode();
    db.pragma('synchronous = OFF');
    db.pragma('foreign_keys = OFF');
    db.pragma('ignore_check_constraints = ON');
    db.pragma('writable_schema = ON');
    return work(db);
  } finally {
    db.close();
  }
}

function write(db: Database.Database, objects: readonly Written[], change: (sql: string) => string): void {
  const update = db.prepare('update sqlite_schema set sql = ? where name = ?');
  for (const { name, sql } of objects) update.run(change(sql), name);
  db.pragma(`schema_version = ${Number(db.pragma('schema_version', { simple: true })) + 1}`);
}

/** Columns that hold values of their own. */
const stored = (db: Database.Database, table: string): string =>
  quoteList(db.prepare('select name from pragma_table_xinfo(?) where hidden = 0').pluck().all(table) as string[]);

/** The same statement with another collation wherever it names one that is not known here. */
function recollated(sql: string, collation: string): string {
  let text = '';
  let at = 0;
  const list = tokens(sql);
  list.forEach((token, i) => {
    if (!isWord(list[i - 1], 'COLLATE') || own.has(token.text.toUpperCase())) return;
    text += sql.slice(at, token.start) + collation;
    at = token.end;
  });
  return text + sql.slice(at);
}
