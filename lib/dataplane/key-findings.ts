import type { Cell, SourceTable } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { countSql, duplicatesSql } from '@/lib/sources/sqlite-sql';
import { quoteIdent } from '@/lib/sources/quote';
import type { RuleName } from './finding-types';
import { finding } from './findings';
import { foreignKeysOf, orphanRules, orphanSql } from './plan-orphans';
import { ruleFor } from './rules';
import { sampleText } from './sample-text';
import { uniqueIndexFindings } from './unique-indexes';
import type { ChosenRules, Finding, TableMapping, TablePlan, TargetSchema } from './types';

const mostSamples = 5;

/** Rows that the source holds apart and the target’s unique keys would not. */
export function duplicateFindings(
  file: SqliteFile,
  mapping: TableMapping,
  table: SourceTable,
  target: TargetSchema,
): Finding[] {
  const goal = target.tables.find(
    ({ schema, name }) => schema === mapping.target.schema && name === mapping.target.table,
  );
  const { db } = file;
  const plain = (goal?.uniqueKeys ?? []).flatMap((key) => {
    const columns = key.columns.map((name) => mapping.columns.find((column) => column.target === name)?.source);
    if (columns.includes(undefined)) return [];
    if (isUnique(table, columns as string[]))
      return target.designed ? collisions(db, mapping, key.name, columns as string[]) : [];
    // Staging has counted these, with their files and the rules that answer them.
    if (table.staged && columns.length === 1 && columns[0] === table.primaryKey[0]) return [];
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
    return alike(rows, {
      table: table.name,
      column: key.name,
      message: `${table.name} holds rows that are alike under the target’s unique key ${key.name} (${key.columns.join(', ')}).`,
    });
  });
  // A design has no index that its source did not have.
  return goal && !target.designed ? [...plain, ...uniqueIndexFindings(file, mapping, table, goal)] : plain;
}

/** 1 and '1' are two to SQLite; both as text they are one. Read as the conversion would make them, before any row is moved. */
function collisions(db: SqliteFile['db'], mapping: TableMapping, key: string, columns: readonly string[]): Finding[] {
  const values = mapping.scope ? [mapping.scope.value] : [];
  const texts = mapping.columns
    .filter(({ source, type }) => columns.includes(source) && type.type === 'text')
    .map(({ source }) => source);
  const keep = mapping.keep.map(({ sql }) => sql);
  const mixed = texts.filter((name) => {
    const other = `typeof(${quoteIdent(name)}) not in ('text', 'null')`;
    const any = countSql(mapping.source, mapping.scope, [...keep, other]).replace('select count(*)', 'select 1');
    return db.prepare(`${any} limit 1`).get(...values) !== undefined;
  });
  if (!mixed.length) return [];
  const names = columns.map((name) => (mixed.includes(name) ? `cast(${quoteIdent(name)} as text)` : quoteIdent(name)));
  const all = [...keep, ...columns.map((name) => `${quoteIdent(name)} is not null`)];
  const from = countSql(mapping.source, mapping.scope, all).replace(
    'select count(*)',
    `select ${names.join(', ')}, count(*)`,
  );
  const rows = db
    .prepare(`${from} group by ${names.join(', ')} having count(*) > 1`)
    .raw()
    .all(...values) as Cell[][];
  return alike(rows, {
    table: mapping.source,
    column: key,
    rules: ['leave-out-index'],
    message: `${mapping.source} holds rows whose ${columns.join(', ')} differ only in how they are stored, such as 1 and '1'; as text they are alike, and the unique key ${key} would refuse them. Left out, nothing in the target keeps these values unique.`,
  });
}

/** The finding of groups of rows under one key: the cells of the key, and how many rows have them. */
function alike(
  groups: readonly Cell[][],
  words: { table: string; column: string; message: string; rules?: RuleName[] },
): Finding[] {
  if (!groups.length) return [];
  const count = groups.reduce((sum, row) => sum + (row.at(-1) as bigint), 0n);
  const sample = groups
    .slice(0, mostSamples)
    .map((row) => ({ key: row.slice(0, -1).map(sampleText).join(', '), value: `${row.at(-1)} rows` }));
  return [finding({ code: 'duplicate_key', count, sample, ...words })];
}

/** Whether the source itself keeps these columns unique, byte by byte. */
const isUnique = (table: SourceTable, columns: readonly string[]): boolean => {
  const collated = table.indexes.some(({ sql }) => sql !== null && /collate/i.test(sql));
  const within = (key: readonly (string | null)[]) =>
    key.length > 0 && key.every((name) => name !== null && columns.includes(name));
  return (
    !collated &&
    ((!table.staged && within(table.primaryKey)) ||
      table.indexes.some(({ unique, partial, columns: key }) => unique && !partial && within(key)))
  );
};

/** Rows whose reference leads to no row: foreign keys were not enforced in the source. */
export function orphanFindings(
  { db }: SqliteFile,
  mapping: TableMapping,
  plan: TablePlan,
  target: TargetSchema,
  chosen: ChosenRules = [],
): Finding[] {
  return foreignKeysOf(mapping, plan, target).flatMap((key) => {
    const condition = orphanSql(mapping, key);
    const values = mapping.scope ? [mapping.scope.value] : [];
    // A value that does not fit its column has a finding of its own; it refers to nothing yet.
    const keep = [...mapping.keep.map(({ sql }) => sql), ...fittingClass(mapping, key.columns, chosen)];
    const count = db
      .prepare(countSql(mapping.source, mapping.scope, [...keep, condition]))
      .pluck()
      .get(...values) as bigint;
    if (!count) return [];
    const refers = key.columns.map(quoteIdent);
    const names = [...mapping.key.map(quoteIdent), ...refers].join(', ');
    const where = countSql(mapping.source, mapping.scope, [...keep, condition]).replace(
      'select count(*)',
      `select ${names}`,
    );
    const sample = (
      db
        .prepare(`${where} limit ${mostSamples}`)
        .raw()
        .all(...values) as Cell[][]
    ).map((row) => {
      const cells = row.map(sampleText);
      const dangling = cells.slice(mapping.key.length).join(', ');
      // Without a key of its own a row is found by what it refers to.
      return {
        key: cells.slice(0, mapping.key.length).join(', ') || dangling,
        value: `${key.columns.join(', ')} ${dangling}: no row in ${key.parent.source}`,
      };
    });
    return [
      finding({
        code: 'orphan_rows',
        table: mapping.source,
        column: key.name,
        count,
        sample,
        rules: orphanRules(mapping, key, target),
        message: `${mapping.source} holds rows whose ${key.columns.join(', ')} leads to no row of ${key.parent.source}.`,
      }),
    ];
  });
}

const fittingClass = (mapping: TableMapping, columns: readonly string[], chosen: ChosenRules): string[] =>
  mapping.columns
    .filter(({ source, type }) => columns.includes(source) && /^int[248]$/.test(type.type))
    .filter(({ source }) => !ruleFor(chosen, mapping.source, source, 'class_differs')?.startsWith('widen-to-text'))
    .map(({ source }) => `typeof(${quoteIdent(source)}) in ('integer', 'null')`);
