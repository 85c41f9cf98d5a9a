import type Database from 'better-sqlite3';
import { quoteIdent } from '@/lib/sources/quote';
import type { StagedFinding } from './store';

/** Keys and places of rows: `data.json:3 "five"`. */
export function sampleRows(
  db: Database.Database,
  table: string,
  key: string | null,
  where: string,
  value: string,
): StagedFinding['sample'] {
  const shownKey =
    key === null ? "'row ' || cutover_json_row" : `coalesce(${quoteIdent(key)}, 'row ' || cutover_json_row)`;
  const rows = db
    .prepare(
      `select ${shownKey}, (select f.name from cutover_json_files f where f.id = cutover_json_file) || ':' || cutover_json_line, cast(${value} as text) from ${quoteIdent(table)} where ${where} order by cutover_json_row limit 5`,
    )
    .raw()
    .all() as [unknown, string, string | null][];
  return rows.map(([id, place, text]) => ({
    key: String(id),
    value: `${place} ${(text ?? 'null').slice(0, 60).replaceAll('\0', '\\u0000')}`,
  }));
}
