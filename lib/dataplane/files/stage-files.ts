import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import { CutoverError } from '@/lib/errors';
import { quoteIdent, quoteList } from '@/lib/sources/quote';
import { RawText, type Cell } from '@/lib/sources/source';
import { openSqliteFile, type SqliteLocation } from '@/lib/sources/sqlite-file';
import { sqliteError } from '@/lib/sources/sqlite-errors';
import { RowReader } from '@/lib/sources/sqlite-rows';
import { readSourceSchema } from '@/lib/sources/sqlite-schema';
import { batchOrder } from '@/lib/sources/sqlite-sql';
import { syncFolder } from '@/lib/sources/sqlite-snapshot';
import { loadProgress } from '@/lib/dataplane/progress';
import { breathe } from '@/lib/dataplane/source-readers';
import type { ReportProgress } from '@/lib/dataplane/types';
import { readLines } from './batch-file';
import { buildTables } from './build-schema';
import { type Binding, damaged, type FileBatch, type FileTable, type Manifest } from './manifest';
import { lineToRow, rowToLine } from './row-form';
import { verifyFiles } from './verify-files';

export type StageInput = {
  folder: string;
  binding: Binding;
  /** Where the staged file is made; an earlier one there is replaced. */
  to: string;
  signal: AbortSignal;
  progress?: ReportProgress;
};
export type Staged = { manifest: Manifest; location: SqliteLocation };

/** Puts the rows of the files into one SQLite file, which everything that reads a source can read: plan, profile, import, row diff.
 *  Read back from it, every batch gives its own digest again, so nothing was changed on the way.
 *  @throws CutoverError export_damaged | export_incomplete | disk_full */
export async function stageFiles(input: StageInput): Promise<Staged> {
  const manifest = await verifyFiles(input.folder, input.binding, input.signal);
  const partial = `${input.to}.partial`;
  await mkdir(path.dirname(input.to), { recursive: true, mode: 0o700 });
  await rm(partial, { force: true });
  try {
    const db = new Database(partial);
    try {
      await fill(db, manifest, input);
    } finally {
      db.close();
    }
    syncFile(partial);
    await rename(partial, input.to);
    await syncFolder(path.dirname(input.to));
    const location = { path: input.to, allowedRoots: [path.dirname(input.to)] };
    await requireSameRows(location, manifest, input.signal);
    return { manifest, location };
  } catch (thrown) {
    await rm(partial, { force: true });
    throw sqliteError(thrown, input.to);
  }
}

function syncFile(file: string): void {
  const fd = openSync(file, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

async function fill(
  db: Database.Database,
  manifest: Manifest,
  { folder, signal, progress }: StageInput,
): Promise<void> {
  const [first] = manifest.sources;
  db.pragma(
    `encoding = '${first?.encoding === 'UTF-16be' ? 'UTF-16be' : first?.encoding === 'UTF-16le' ? 'UTF-16le' : 'UTF-8'}'`,
  );
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma('foreign_keys = OFF');
  // Rows that break a check of their own table are the source's; what becomes of them is decided at the target.
  db.pragma('ignore_check_constraints = ON');
  if (first) db.pragma(`user_version = ${first.user_version}`);
  const [failure] = buildTables(db, manifest.tables, manifest.sources);
  if (failure) throw damaged(`${failure.table} cannot be made again: ${failure.why}.`, { table: failure.table });
  const indexes = db.prepare("select name, sql from sqlite_schema where type = 'index' and sql is not null").all() as {
    name: string;
    sql: string;
  }[];
  for (const { name } of indexes) db.exec(`drop index ${quoteIdent(name)}`);
  const told = loadProgress(
    manifest.tables.map(({ name, row_count }) => ({ name, total: row_count })),
    progress,
  );
  for (const table of manifest.tables) {
    told.begin(table.name);
    for (const batch of table.batches) {
      signal.throwIfAborted();
      fillBatch(db, path.join(folder, batch.file), table, batch);
      told.add(table.name, batch.rows);
      await breathe();
    }
    if (table.autoincrement !== null) keepNumber(db, table.name, table.autoincrement);
    told.end(table.name);
  }
  for (const { sql } of indexes) db.exec(sql);
}

function fillBatch(db: Database.Database, file: string, table: FileTable, batch: FileBatch): void {
  const insert = inserter(db, table);
  db.exec('begin');
  const found = readLines(file, batch.file, (line) => insert(rowOf(line, table, batch)));
  if (found.sha256 !== batch.sha256)
    throw damaged(`${batch.file} was changed while it was read.`, { file: batch.file });
  db.exec('commit');
}

function rowOf(line: string, table: FileTable, batch: FileBatch): Cell[] {
  const row = lineToRow(line);
  if (row.length !== table.columns.length)
    throw damaged(
      `${batch.file} holds a row of ${row.length} cells; ${table.name} has ${table.columns.length} columns.`,
      {
        file: batch.file,
      },
    );
  return row;
}

/** Generated columns compute themselves; damaged text goes in as the bytes it is. */
function inserter(db: Database.Database, table: FileTable): (row: readonly Cell[]) => void {
  const own = table.columns.flatMap(({ name, generated }, i) => (generated ? [] : [{ name, i }]));
  const statements = new Map<string, Database.Statement>();
  return (row) => {
    const cells = own.map(({ i }) => row[i] as Cell);
    const holders = cells.map((cell) => (cell instanceof RawText ? 'cast(? as text)' : '?')).join(', ');
    let statement = statements.get(holders);
    if (!statement) {
      statement = db.prepare(
        `insert into ${quoteIdent(table.name)} (${quoteList(own.map(({ name }) => name))}) values (${holders})`,
      );
      statements.set(holders, statement);
    }
    statement.run(cells.map((cell) => (cell instanceof RawText ? cell.bytes : cell)));
  };
}

function keepNumber(db: Database.Database, table: string, number: string): void {
  db.prepare('delete from sqlite_sequence where name = ?').run(table);
  db.prepare('insert into sqlite_sequence (name, seq) values (?, ?)').run(table, BigInt(number));
}

async function requireSameRows(location: SqliteLocation, manifest: Manifest, signal: AbortSignal): Promise<void> {
  const file = openSqliteFile(location);
  try {
    const schema = readSourceSchema(file, { sourceId: '', scopeColumn: null, scopeColumns: {} });
    for (const entry of manifest.tables) {
      const table = schema.tables.find(({ name }) => name === entry.name);
      if (!table) throw damaged(`${entry.name} is not to be read back.`);
      const columns = entry.columns.map(({ name }) => name);
      const reader = new RowReader(file, { table, columns, scope: null, order: batchOrder(table) });
      let last: Cell[] | null = null;
      for (const batch of entry.batches) {
        const hash = createHash('sha256');
        for (let rows = 0; rows < batch.rows; ) {
          const page = reader.read(last, batch.rows - rows);
          if (!page) break;
          for (const row of page.rows) hash.update(`${rowToLine(row.slice(0, columns.length))}\n`);
          rows += page.rows.length;
          last = page.lastKey;
          signal.throwIfAborted();
        }
        if (hash.digest('hex') !== batch.sha256) throw notExact(batch);
        await breathe();
      }
      if (reader.read(last, 1)) throw damaged(`${entry.name} holds more rows than its batches.`);
    }
  } finally {
    file.close();
  }
}

const notExact = ({ file }: FileBatch): CutoverError =>
  new CutoverError({
    code: 'value_not_storable',
    message: `The rows of ${file} do not come out of a SQLite table of their own definition as they went in.`,
    advice: 'Nothing was imported. Move this system directly (import without export).',
    facts: { file },
  });
