import path from 'node:path';
import type Database from 'better-sqlite3';
import { quoteIdent, quoteText } from '@/lib/sources/quote';
import { sampleRows } from './sample-rows';
import type { RecordSet, StagedFinding } from './store';

/** Ids that occur more than once, that differ from the name of their file, or that only look different. */
export function keyFindings(db: Database.Database, set: RecordSet, key: string | null): StagedFinding[] {
  if (key === null) return [];
  const found = (
    code: StagedFinding['code'],
    count: number,
    sample: StagedFinding['sample'],
    message: string,
  ): StagedFinding[] => (count ? [{ code, table: set.table, column: key, count: String(count), sample, message }] : []);
  const twins = keepTwins(db, set.table, key);
  const alike = alikeIds(db, set.table, key);
  const strangers = set.format === 'single' ? otherThanFile(db, set.table, key) : [];
  return [
    ...found(
      'duplicate_key',
      twins.rows,
      twins.sample,
      `${set.table} holds ${twins.rows} records whose ${key} another record has as well.${twins.sample.length ? ` They are at ${twins.places}.` : ''}`,
    ),
    ...found(
      'alike_after_folding',
      alike.length,
      alike,
      `${set.table} holds ids that differ in upper and lower case or in Unicode form only: they are different here, and the same to some programs.`,
    ),
    ...found(
      'id_differs_from_file',
      strangers.length,
      strangers.slice(0, 5),
      `${strangers.length} records of ${set.table} have an id that is not the name of their file; the id in the record is what is moved.`,
    ),
  ];
}

function keepTwins(db: Database.Database, table: string, key: string) {
  const [t, k] = [quoteIdent(table), quoteIdent(key)];
  const many = `select ${k} from ${t} where ${k} is not null group by ${k} having count(*) > 1`;
  const { changes } = db
    .prepare(
      `insert into cutover_json_twins select ?, cutover_json_row, cutover_json_row = min(cutover_json_row) over same, cutover_json_row = max(cutover_json_row) over same
      from ${t} where ${k} in (${many}) window same as (partition by ${k})`,
    )
    .run(table);
  const rows = sampleRows(db, table, key, `${k} in (${many})`, k);
  const sample = [...new Map(rows.map((row) => [row.key, row])).values()];
  return { rows: changes, sample, places: rows.map(({ value }) => value.split(' ', 1)[0]).join(', ') };
}

/** Bounded by the ids of one table, folded one by one. */
function alikeIds(db: Database.Database, table: string, key: string): StagedFinding['sample'] {
  db.function('cutover_fold', { deterministic: true }, (id) => String(id).normalize('NFC').toLowerCase());
  const k = quoteIdent(key);
  const rows = db
    .prepare(
      `select id from (select id, count(*) over (partition by cutover_fold(id)) n from (select distinct ${k} id from ${quoteIdent(table)} where typeof(${k}) = 'text')) where n > 1 order by 1`,
    )
    .pluck()
    .all() as string[];
  return rows.map((id) => ({ key: id, value: `bytes ${Buffer.from(id).toString('hex')}` }));
}

function otherThanFile(db: Database.Database, table: string, key: string): StagedFinding['sample'] {
  const rows = db
    .prepare(
      `select f.name, cast(t.${quoteIdent(key)} as text) from ${quoteIdent(table)} t join cutover_json_files f on f.id = t.cutover_json_file order by t.cutover_json_row`,
    )
    .raw()
    .all() as [string, string | null][];
  return rows
    .filter(([name, id]) => path.basename(name).replace(/\.[^.]*$/, '') !== id)
    .map(([name, id]) => ({ key: name, value: `${quoteText(String(id))}` }));
}
