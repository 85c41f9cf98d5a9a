import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { quoteIdent } from '@/lib/sources/quote';
import { type SqliteFile, type SqliteLocation, withSqlite, withSqliteAsync } from '@/lib/sources/sqlite-file';
import { digestOf } from './copy-files';
import { eachLeftOver } from './left-over';
import { readAside } from './second-reading';
import { atOnce, inTurns, type Turns } from './turns';

/** The staging file against the copied files, by a second reading that shares no code with the first. */
export type StagedProof = {
  records: string;
  files: number;
  /** What is not the same, named by file and line; at most 20. */
  differences: string[];
  passed: boolean;
};
type TableRow = { name: string; record_set: string };
type ColumnRow = { name: string; source: string; kind: string; raw: string | null };
const mostTold = 20;

/** Reads every record of the copy again, and every cell of the staging file, and lets nothing be left over on either side. */
export const proveStaged = (staging: SqliteLocation, copy: string): StagedProof =>
  withSqlite(staging, (file) => atOnce(proving(file, copy)));

/** The same, and an aborted signal ends it within a moment. */
export const proveStagedInTurns = (staging: SqliteLocation, copy: string, signal: AbortSignal): Promise<StagedProof> =>
  withSqliteAsync(staging, (file) => inTurns(proving(file, copy), signal));

function* proving(file: SqliteFile, copy: string): Turns<StagedProof> {
  const differences: string[] = [];
  const told = (text: string): void => void (differences.length < mostTold && differences.push(text));
  const files = file.db.prepare('select id, name, sha256 from cutover_json_files order by id').all() as {
    id: bigint;
    name: string;
    sha256: string;
  }[];
  for (const { name, sha256 } of files)
    if (digestOf(path.join(copy, name)) !== sha256) told(`${name}: its bytes are not those that were staged`);
  let records = 0n;
  for (const table of file.db.prepare('select name, record_set from cutover_json_tables').all() as TableRow[])
    for (const { id, name } of files) records += yield* compareFile(file, table, id, name, path.join(copy, name), told);
  for (const { id, name } of files) tellLeftOver(file, id, name, path.join(copy, name), told);
  return { records: String(records), files: files.length, differences, passed: differences.length === 0 };
}

function* compareFile(
  { db }: SqliteFile,
  { name: table }: TableRow,
  id: bigint,
  name: string,
  full: string,
  told: (text: string) => void,
): Turns<bigint> {
  const columns = db
    .prepare('select name, source, kind, raw from cutover_json_columns where tbl = ?')
    .all(table) as ColumnRow[];
  // The exact text of mixed columns is compared, besides what it was taken as.
  const read = columns.map(({ name: column, raw }) => {
    const one = quoteIdent(raw ?? column);
    return `typeof(${one}), iif(typeof(${one}) = 'text', cast(${one} as blob), ${one})`;
  });
  const rows = db
    .prepare(
      `select cutover_json_line, cutover_json_offset, cutover_json_bytes${read.map((one) => `, ${one}`).join('')} from ${quoteIdent(table)} where cutover_json_file = ? order by cutover_json_offset`,
    )
    .raw()
    .iterate(id) as IterableIterator<unknown[]>;
  const fd = openSync(full, 'r');
  let count = 0n;
  try {
    for (const [line, offset, bytes, ...cells] of rows) {
      count += 1n;
      const raw = Buffer.alloc(Number(bytes));
      readSync(fd, raw, 0, raw.length, Number(offset));
      const wrong = readAside(raw).compare(
        columns.map(({ name: column, source, kind, raw: hidden }, i) => ({
          column,
          from: JSON.parse(source) as { by: string; key?: string; pointer?: string; json?: boolean },
          kind: hidden ? 'raw' : kind,
          storage: String(cells[i * 2]),
          cell: cells[i * 2 + 1],
        })),
      );
      if (wrong) told(`${name}:${line}: ${wrong}`);
      yield;
    }
  } finally {
    closeSync(fd);
  }
  return count;
}

/** Between the records of a file stands nothing but what frames them: no record was passed over. */
function tellLeftOver({ db }: SqliteFile, id: bigint, name: string, full: string, told: (text: string) => void): void {
  const sets = db.prepare('select name, record_set from cutover_json_tables').all() as TableRow[];
  const own = sets.filter(({ name: table }) =>
    db.prepare(`select 1 from ${quoteIdent(table)} where cutover_json_file = ? limit 1`).get(id),
  );
  const parts = [
    ...own.map(
      ({ name: table }) =>
        `select cutover_json_offset as at, cutover_json_bytes from ${quoteIdent(table)} where cutover_json_file = $file`,
    ),
    'select "offset" as at, bytes from cutover_json_gone where file = $file',
  ];
  const spans = db.prepare(`${parts.join(' union all ')} order by at`).raw();
  if (!spans.get({ file: id })) return;
  const { format } = JSON.parse(own.at(-1)?.record_set ?? '{"format":""}') as { format: string };
  eachLeftOver(
    full,
    format.startsWith('object') ? 'object' : 'list',
    spans.iterate({ file: id }) as IterableIterator<[bigint, bigint]>,
    (from, to) => told(`${name}: bytes ${from} to ${to} hold something that was not staged`),
  );
}
