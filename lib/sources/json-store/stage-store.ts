import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { CutoverError } from '@/lib/errors';
import type { CopiedFile, StoreCopy } from './copy-files';
import { findRecordSets } from './find-records';
import { fitsPattern } from './list-files';
import { allBroken, isBroken } from './all-broken';
import { type BrokenLine, markBytes, type RecordVisitor } from './read-records';
import { RecordColumns } from './stage-columns';
import { StagedTable } from './stage-table';
import { type JsonStore, type RecordSet, settingsOf, type StagedFinding } from './store';
import { isEmpty, type SetFiles, walkFile } from './walk-file';
import type { Turns } from './turns';

/** Record set of a file that breaks off → its refusal. */
export type BrokenSets = Map<RecordSet, CutoverError>;

/** Makes the staging file of a copied store: one table a record set, every value exact, and what was found on the way.
 *  It appears under its name only when it is whole.
 *  @param broken where it is given, a file that cannot be read to its end is read up to there and noted, and nothing is thrown
 *  @throws CutoverError source_not_json | source_empty */
export function* stageStore(
  copy: StoreCopy,
  { records: wanted, stays = [] }: Pick<JsonStore, 'records' | 'stays'>,
  to: string,
  broken?: BrokenSets,
): Turns {
  const partial = `${to}.partial`;
  rmSync(partial, { force: true });
  const db = new Database(partial);
  try {
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    db.exec('begin');
    db.exec(ownTables);
    db.prepare('insert into cutover_json_made values (?)').run(settingsOf({ records: wanted, stays }));
    const findings: StagedFinding[] = [];
    const ids = keepFiles(db, copy);
    const moved = { ...copy, files: copy.files.filter((file) => !staysBehind(file, stays, findings)) };
    const sets = wanted.length ? [...wanted] : findRecordSets(moved);
    const assigned = assign(sets, moved, ids, findings);
    try {
      for (const one of assigned) yield* stageSet(db, one, sets, findings, broken);
    } catch (thrown) {
      throw isBroken(thrown) ? yield* allBroken(assigned, sets, thrown) : thrown;
    }
    const insert = db.prepare('insert into cutover_json_findings values (?, ?, ?, ?, ?, ?)');
    for (const { code, table, column, count, message, sample } of findings)
      insert.run(table, column, code, count, message, JSON.stringify(sample));
    db.exec('commit');
    db.close();
    syncAndName(partial, to);
  } catch (thrown) {
    if (db.open) db.close();
    rmSync(partial, { force: true });
    throw thrown;
  }
}

const ownTables = `
create table cutover_json_made (settings text);
create table cutover_json_files (id integer primary key, name text, bytes integer, sha256 text);
create table cutover_json_tables (name text primary key, record_set text, key text, records integer);
create table cutover_json_columns (tbl text, name text, source text, kind text, raw text, classes text, most text);
create table cutover_json_cells (tbl text, col text, row integer);
create table cutover_json_twins (tbl text, row integer, first integer, last integer);
create table cutover_json_gone (tbl text, file integer, line integer, "offset" integer, bytes integer);
create table cutover_json_findings (tbl text, col text, code text, count text, message text, sample text);`;

function keepFiles(db: Database.Database, { files }: StoreCopy): Map<CopiedFile, number> {
  const insert = db.prepare('insert into cutover_json_files values (?, ?, ?, ?)');
  return new Map(
    files.map((file, i) => {
      insert.run(i + 1, file.name, file.bytes, file.sha256);
      return [file, i + 1] as const;
    }),
  );
}

/** A file that is meant to stay is told, so that nobody looks for it in the target. */
function staysBehind({ name, bytes }: CopiedFile, stays: readonly string[], findings: StagedFinding[]): boolean {
  if (!stays.some((pattern) => fitsPattern(name, pattern))) return false;
  findings.push({
    code: 'file_stays',
    table: name,
    column: null,
    count: '1',
    sample: [{ key: name, value: `${bytes} bytes` }],
    message: `File ${name} stays a file on purpose, as the fleet file says; nothing of it is moved.`,
  });
  return true;
}

/** Which files belong to which record set; a file of none is told. A set without a file is a store that has not written it yet. */
function assign(
  sets: readonly RecordSet[],
  { files }: StoreCopy,
  ids: ReadonlyMap<CopiedFile, number>,
  findings: StagedFinding[],
): SetFiles[] {
  for (const { name, bytes } of files)
    if (!sets.some((set) => fitsPattern(name, set.files)))
      findings.push({
        code: 'file_not_read',
        table: name,
        column: null,
        count: '1',
        sample: [{ key: name, value: `${bytes} bytes` }],
        message: `File ${name} of the store belongs to no record set; nothing of it is moved.`,
      });
  return sets.map((set) => ({
    set,
    files: files
      .filter(({ name }) => fitsPattern(name, set.files))
      .map((file) => ({ file, id: ids.get(file) as number })),
  }));
}

function* stageSet(
  db: Database.Database,
  { set, files }: SetFiles,
  sets: readonly RecordSet[],
  findings: StagedFinding[],
  brokenSets?: BrokenSets,
): Turns {
  function* read(file: CopiedFile, visitor: RecordVisitor): Turns {
    try {
      if (!isEmpty(file, set, [])) yield* walkFile(set, sets, file, visitor);
    } catch (thrown) {
      if (!brokenSets || !isBroken(thrown)) throw thrown;
      brokenSets.set(set, thrown);
    }
  }
  const columns = new RecordColumns(set);
  const gone = db.prepare('insert into cutover_json_gone values (?, ?, ?, ?, ?)');
  const unread = new Map<string, string>();
  const broken: { file: string; id: number; line: BrokenLine }[] = [];
  const marked: string[] = [];
  // A file of several lists is read once for each of them; what belongs to none is told once.
  const isFirst = (file: CopiedFile) => sets.find((one) => fitsPattern(file.name, one.files)) === set;
  for (const { file, id } of files) {
    if (file.bytes === 0 && set.format === 'ndjson') isEmpty(file, set, findings);
    yield* read(file, {
      record: (record) => void columns.place(record, true, columns.records + 1),
      broken: (line) => void broken.push({ file: file.name, id, line }),
      unread: (pointer, { kind, line, from, to }) => {
        if (!isFirst(file)) return;
        unread.set(`${file.name}#${pointer}`, kind);
        gone.run(set.table, id, line, from, to - from);
      },
      mark: () => {
        if (!isFirst(file)) return;
        marked.push(file.name);
        gone.run(set.table, id, 1, 0, markBytes);
      },
    });
  }
  const table = new StagedTable(db, set, columns);
  for (const { file, id } of files) {
    yield* read(file, {
      record: (record) => table.insert(record, id),
      broken: () => undefined,
      unread: () => undefined,
    });
  }
  for (const { id, line } of broken) gone.run(set.table, id, line.line, line.offset, line.bytes);
  findings.push(...markFindings(set.table, marked));
  findings.push(...brokenFindings(set.table, broken), ...unreadFindings(set.table, unread), ...table.finish());
}

function markFindings(table: string, files: readonly string[]): StagedFinding[] {
  const [first] = files;
  if (first === undefined) return [];
  return [
    {
      code: 'byte_order_mark',
      table,
      column: null,
      count: String(files.length),
      sample: files.slice(0, 5).map((file) => ({ key: `${file}:1:1`, value: 'ef bb bf' })),
      message: `${files.length} file${files.length === 1 ? ' begins' : 's begin'} with a byte order mark, which JSON has no place for; the first is ${first}:1:1.`,
    },
  ];
}

function brokenFindings(table: string, broken: readonly { file: string; line: BrokenLine }[]): StagedFinding[] {
  return (['torn_tail', 'line_not_json'] as const).flatMap((code) => {
    const own = broken.filter(({ line }) => line.torn === (code === 'torn_tail'));
    const [first] = own;
    if (!first) return [];
    const where = `${first.file} line ${first.line.line}`;
    const what =
      code === 'torn_tail'
        ? `The last line of the file ends ${first.line.what}: ${where}, ${first.line.bytes} bytes. It was cut while it was written.`
        : `${own.length} line${own.length === 1 ? ' is' : 's are'} no JSON; the first is ${where}: ${first.line.what}.`;
    return [
      {
        code,
        table,
        column: null,
        count: String(own.length),
        sample: own
          .slice(0, 5)
          .map(({ file, line }) => ({ key: `${file}:${line.line}`, value: `${line.bytes} bytes, ${line.what}` })),
        message: what,
      },
    ];
  });
}

const unreadFindings = (table: string, unread: ReadonlyMap<string, string>): StagedFinding[] =>
  [...unread].map(([pointer, kind]) => ({
    code: 'member_not_read',
    table,
    column: pointer,
    count: '1',
    sample: [{ key: pointer, value: kind }],
    message: `${pointer} (${kind}) is read by no record set; it is not moved.`,
  }));

function syncAndName(partial: string, to: string): void {
  const fd = openSync(partial, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  statSync(partial);
  renameSync(partial, to);
}
