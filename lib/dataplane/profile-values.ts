import { type Cell, RawText, storageClass } from '@/lib/sources/source';
import type { SourceTable } from '@/lib/sources/source';
import { withSqliteAsync, type SqliteFile } from '@/lib/sources/sqlite-file';
import { batchOrder, countSql, duplicatesSql } from '@/lib/sources/sqlite-sql';
import { quoteIdent } from '@/lib/sources/quote';
import { rowEncoder } from './encode-row';
import type { Misfit } from './encode-value';
import { finding } from './findings';
import { foreignKeysOf, orphanSql } from './plan-tables';
import { RowBuffer } from './row-buffer';
import { cutText } from './show-cell';
import { applyRule, rulesOnOffer } from './rules';
import { breathe, mappedReader, mappedTables } from './source-readers';
import type {
  ColumnMapping,
  Finding,
  ReportProgress,
  SqliteLocation,
  TableMapping,
  TablePlan,
  TargetSchema,
} from './types';

const mostSamples = 5;

export type ProfileInput = {
  source: SqliteLocation;
  plan: TablePlan;
  target: TargetSchema;
  signal: AbortSignal;
  progress?: ReportProgress;
};

/** Tries every value with the very encoder that will copy it, and every key against the target's; counts are exact. */
export const profileValues = (input: ProfileInput): Promise<Finding[]> =>
  withSqliteAsync(input.source, (file) => profileOpenFile(file, input));

/** The same inside a read transaction that is already open. */
export async function profileOpenFile(
  file: SqliteFile,
  { plan, target, signal, progress }: Omit<ProfileInput, 'source'>,
): Promise<Finding[]> {
  const plain = plan.tables.map((mapping) => unaltered(mapping, target));
  const readers = mappedTables(file, plain).map((mapped) => ({ ...mapped, reader: mappedReader(file, mapped) }));
  const total = readers.reduce((sum, { reader }) => sum + Number(reader.count()), 0);
  const findings: Finding[] = [];
  let done = 0;
  for (const { mapping, table, reader } of readers) {
    const misfits = new Map<string, Finding>();
    const encode = rowEncoder(mapping, []);
    const out = new RowBuffer();
    for (let page = reader.read(null); page; page = reader.read(page.lastKey)) {
      for (const row of page.rows) {
        out.clear();
        encode(row, out, (i, misfit, cell) =>
          note(misfits, mapping, mapping.columns[i] as ColumnMapping, misfit, cell, () => keyText(mapping, table, row)),
        );
      }
      done += page.rows.length;
      progress?.({ unit: 'rows', done, total });
      await breathe();
      signal.throwIfAborted();
    }
    findings.push(
      ...misfits.values(),
      ...duplicateFindings(file, mapping, table, target),
      ...orphanFindings(file, mapping, plan, target),
    );
  }
  return findings;
}

/** Without the chosen rules: a finding stays seen, with its count, when it has been answered. */
function unaltered(mapping: TableMapping, target: TargetSchema): TableMapping {
  const goal = target.tables.find(
    ({ schema, name }) => schema === mapping.target.schema && name === mapping.target.table,
  );
  const columns = mapping.columns.map((column) => {
    const type = goal?.columns.find(({ name }) => name === column.target) ?? column.type;
    return { ...column, type, notNull: type.notNull };
  });
  return { ...mapping, columns, keep: [] };
}

function note(
  misfits: Map<string, Finding>,
  mapping: TableMapping,
  { source, type }: ColumnMapping,
  misfit: Misfit,
  cell: Cell,
  key: () => string,
): void {
  const id = `${source}.${misfit}`;
  let found = misfits.get(id);
  if (!found) {
    found = finding({
      code: misfit,
      table: mapping.source,
      column: source,
      count: 0n,
      rules: rulesOnOffer(misfit, type),
      message: misfitMessage(misfit, `${mapping.source}.${source}`, type.typeText, cell),
    });
    misfits.set(id, found);
  }
  found.count += 1n;
  // A rule that leaves even one of the values as it is would only stop the import later.
  found.rules = found.rules.filter(({ name }) => name !== 'convert-exact' || applyRule(name, cell, type) !== cell);
  if (found.sample.length < mostSamples) found.sample.push({ key: key(), value: sampleText(cell) });
}

const misfitMessages: Record<Misfit, (where: string, type: string, cell: Cell) => string> = {
  integer_out_of_range: (where, type) => `${where} holds integers that do not fit ${type}.`,
  nul_in_text: (where) => `${where} holds text with a NUL character, which PostgreSQL cannot store in text.`,
  invalid_utf8: (where) => `${where} holds text whose bytes are no valid UTF-8.`,
  class_differs: (where, type, cell) =>
    `${where} holds values stored as ${storageClass(cell)} where the target has ${type}.`,
  null_in_not_null: (where) => `${where} holds NULL where the target column must not be NULL.`,
  too_long: (where, type) => `${where} holds text longer than ${type}.`,
  empty_text: (where, type) => `${where} holds empty text where the target has ${type}.`,
  bad_value: (where, type) => `${where} holds values that ${type} cannot keep unchanged.`,
};
const misfitMessage = (misfit: Misfit, where: string, type: string, cell: Cell): string =>
  misfitMessages[misfit](where, type, cell);

/** A value as a sample: short, with NUL and damaged bytes made visible. */
export function sampleText(cell: Cell): string {
  if (cell === null) return 'NULL';
  if (cell instanceof RawText) return `bytes ${cell.bytes.subarray(0, 40).toString('hex')}`;
  if (Buffer.isBuffer(cell)) return `blob ${cell.subarray(0, 40).toString('hex')}`;
  const text = Object.is(cell, -0) ? '-0' : String(cell);
  const short = text.length > 80 ? `${cutText(text, 80)}…` : text;
  return short.replaceAll('\0', '\\u0000');
}

/** The row's own key, without the profile's name; the rowid where there is no key. */
export function keyText(mapping: TableMapping, table: SourceTable, row: readonly Cell[]): string {
  const names = mapping.key.filter((name) => name !== mapping.scope?.column);
  if (!names.length && mapping.key.length) return String(mapping.scope?.value ?? '');
  if (!names.length) return `${batchOrder(table).by} ${row.slice(mapping.columns.length).map(sampleText).join(', ')}`;
  return names
    .map((name) => sampleText(row[mapping.columns.findIndex(({ source }) => source === name)] as Cell))
    .join(', ');
}

function duplicateFindings(
  { db }: SqliteFile,
  mapping: TableMapping,
  table: SourceTable,
  target: TargetSchema,
): Finding[] {
  const goal = target.tables.find(
    ({ schema, name }) => schema === mapping.target.schema && name === mapping.target.table,
  );
  return (goal?.uniqueKeys ?? []).flatMap((key) => {
    const columns = key.columns.map((name) => mapping.columns.find((column) => column.target === name)?.source);
    if (columns.includes(undefined) || isUnique(table, columns as string[])) return [];
    const rows = db
      .prepare(
        duplicatesSql(
          table.name,
          columns as string[],
          mapping.scope,
          mapping.keep.map(({ sql }) => sql),
        ),
      )
      .raw()
      .all(...(mapping.scope ? [mapping.scope.value] : [])) as Cell[][];
    if (!rows.length) return [];
    const count = rows.reduce((sum, row) => sum + (row.at(-1) as bigint), 0n);
    const sample = rows
      .slice(0, mostSamples)
      .map((row) => ({ key: row.slice(0, -1).map(sampleText).join(', '), value: `${row.at(-1)} rows` }));
    return [
      finding({
        code: 'duplicate_key',
        table: table.name,
        column: key.name,
        count,
        sample,
        message: `${table.name} holds rows that are alike under the target’s unique key ${key.name} (${key.columns.join(', ')}).`,
      }),
    ];
  });
}

/** Whether the source itself keeps these columns unique, byte by byte. */
const isUnique = (table: SourceTable, columns: readonly string[]): boolean => {
  const collated = table.indexes.some(({ sql }) => sql !== null && /collate/i.test(sql));
  const within = (key: readonly (string | null)[]) =>
    key.length > 0 && key.every((name) => name !== null && columns.includes(name));
  return (
    !collated &&
    (within(table.primaryKey) ||
      table.indexes.some(({ unique, partial, columns: key }) => unique && !partial && within(key)))
  );
};

function orphanFindings({ db }: SqliteFile, mapping: TableMapping, plan: TablePlan, target: TargetSchema): Finding[] {
  return foreignKeysOf(mapping, plan, target).flatMap((key) => {
    const condition = orphanSql(mapping, key);
    const values = mapping.scope ? [mapping.scope.value] : [];
    const keep = mapping.keep.map(({ sql }) => sql);
    const count = db
      .prepare(countSql(mapping.source, mapping.scope, [...keep, condition]))
      .pluck()
      .get(...values) as bigint;
    if (!count) return [];
    const names = key.columns.map(quoteIdent).join(', ');
    const where = countSql(mapping.source, mapping.scope, [...keep, condition]).replace(
      'select count(*)',
      `select ${names}`,
    );
    const sample = (
      db
        .prepare(`${where} limit ${mostSamples}`)
        .raw()
        .all(...values) as Cell[][]
    ).map((row) => ({ key: row.map(sampleText).join(', '), value: `no row in ${key.parent.source}` }));
    return [
      finding({
        code: 'orphan_rows',
        table: mapping.source,
        column: key.name,
        count,
        sample,
        rules: ['leave-out-rows'],
        message: `${mapping.source} holds rows whose ${key.columns.join(', ')} leads to no row of ${key.parent.source}.`,
      }),
    ];
  });
}
