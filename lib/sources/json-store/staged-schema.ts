import { quoteIdent } from '@/lib/sources/quote';
import type { SourceTable } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { type StagedColumn, type StagedFinding, stagedPrefix } from './store';

/** What a staging file of a JSON store says beside its tables. */
export type StagedStore = { findings: StagedFinding[] };
type ColumnRow = {
  tbl: string;
  name: string;
  kind: StagedColumn['kind'];
  raw: string | null;
  classes: string | null;
  most: string | null;
};
const own = (name: string): boolean => name.startsWith(stagedPrefix);

/** Turns the tables of a staging file into those of its store: objects of ours hidden, keys and kinds of columns as staged.
 *  Returns null, and changes nothing, for any other file. */
export function readStaged({ db }: SqliteFile, tables: SourceTable[]): StagedStore | null {
  if (!tables.some(({ name }) => name === 'cutover_json_tables')) return null;
  const keys = new Map(
    (db.prepare('select name, key from cutover_json_tables').all() as { name: string; key: string | null }[]).map(
      ({ name, key }) => [name, key],
    ),
  );
  const columns = db
    .prepare('select tbl, name, kind, raw, classes, most from cutover_json_columns')
    .all() as ColumnRow[];
  const shown = tables.filter(({ name }) => !own(name));
  tables.splice(0, tables.length, ...shown);
  for (const table of tables) {
    const key = keys.get(table.name) ?? null;
    table.columns = table.columns
      .filter(({ name }) => !own(name))
      .map((column) => ({ ...column, pkPosition: column.name === key ? 1 : 0 }));
    table.primaryKey = key === null ? [] : [key];
    table.indexes = table.indexes.filter(({ name }) => !own(name));
    table.staged = new Map(
      columns
        .filter(({ tbl }) => tbl === table.name)
        .map(({ name, kind, raw, classes, most }) => [name, { kind, raw, classes, most }]),
    );
  }
  const findings = db.prepare('select code, tbl, col, count, message, sample from cutover_json_findings').all() as {
    code: StagedFinding['code'];
    tbl: string;
    col: string | null;
    count: string;
    message: string;
    sample: string;
  }[];
  return {
    findings: findings.map(({ tbl, col, sample, ...one }) => ({
      ...one,
      table: tbl,
      column: col,
      sample: JSON.parse(sample) as StagedFinding['sample'],
    })),
  };
}

/** `data.json:3` for a row of a staging file. */
export function placeOfRow({ db }: SqliteFile, table: string, row: bigint): string | null {
  const found = db
    .prepare(
      `select f.name || ':' || t.cutover_json_line from ${quoteIdent(table)} t join cutover_json_files f on f.id = t.cutover_json_file where t.rowid = ?`,
    )
    .pluck()
    .get(row);
  return typeof found === 'string' ? found : null;
}
