import type { SourceTable } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { quoteIdent } from '@/lib/sources/quote';
import { alikeFindings } from './alike-rows';
import { convertedKeyFindings, foldedKeys } from './converted-keys';
import { convertedReferenceFindings } from './converted-references';
import { finding } from './findings';
import { targetTableOf } from './may-alter';
import { foreignKeysOf, orphanRules, orphanSql } from './plan-orphans';
import { ruleFor } from './rules';
import { rowsMeeting } from './sample-rows';
import { sampleText } from './sample-text';
import type { MappedTable } from './source-readers';
import { uniqueIndexFindings } from './unique-indexes';
import type { ChosenRules, Finding, TableMapping, TablePlan, TargetSchema, TargetTable } from './types';

/** Rows that the source holds apart and the target’s unique keys would not, under the rules chosen so far. */
export function duplicateFindings(
  file: SqliteFile,
  mapping: TableMapping,
  table: SourceTable,
  target: TargetSchema,
  chosen: ChosenRules = [],
): Finding[] {
  const goal = targetTableOf(mapping, target);
  if (!goal) return [];
  const how = { designed: target.designed === true, chosen };
  const plain = goal.uniqueKeys.flatMap((key) => {
    const names = key.columns.map((name) => mapping.columns.find((column) => column.target === name)?.source);
    if (names.includes(undefined)) return [];
    const columns = names as string[];
    // Staging has counted these, with their files and the rules that answer them.
    const counted = table.staged && columns.length === 1 && columns[0] === table.primaryKey[0];
    const alike = counted || isUnique(table, columns) ? [] : alikeAsTheyAre(file, mapping, key, columns);
    if (alike.length || counted) return alike;
    const folds = columns.map(() => 'BINARY');
    return convertedKeyFindings(file, mapping, { name: key.name, columns, folds, where: null }, how);
  });
  const folded = foldedKeys(mapping, table, goal).flatMap((key) => convertedKeyFindings(file, mapping, key, how));
  // A design has no index that its source did not have.
  return [...plain, ...folded, ...(target.designed ? [] : uniqueIndexFindings(file, mapping, goal))];
}

const alikeAsTheyAre = (
  file: SqliteFile,
  mapping: TableMapping,
  key: TargetTable['uniqueKeys'][number],
  columns: readonly string[],
): Finding[] =>
  alikeFindings(file, mapping, {
    name: key.name,
    shown: columns.map(quoteIdent),
    terms: columns.map((name) => `${quoteIdent(name)} collate binary`),
    message: `${mapping.source} holds rows that are alike under the target’s unique key ${key.name} (${key.columns.join(', ')}).`,
  });

/** Whether the source itself keeps these columns unique, byte by byte: what is apart under a collation is apart in its bytes too. */
const isUnique = (table: SourceTable, columns: readonly string[]): boolean => {
  const within = (key: readonly (string | null)[]) =>
    key.length > 0 && key.every((name) => name !== null && columns.includes(name));
  return (
    (!table.staged && within(table.primaryKey)) ||
    table.indexes.some(({ unique, partial, columns: key }) => unique && !partial && within(key))
  );
};

/** Rows whose reference leads to no row: foreign keys were not enforced in the source. */
export function orphanFindings(
  file: SqliteFile,
  { mapping, table }: MappedTable,
  plan: TablePlan,
  target: TargetSchema,
  chosen: ChosenRules = [],
): Finding[] {
  return foreignKeysOf(mapping, plan, target).flatMap((key) => {
    const found = rowsMeeting(file, mapping, table, {
      // A value that does not fit its column has a finding of its own; it refers to nothing yet.
      where: [...fittingClass(mapping, key.columns, chosen), orphanSql(mapping, key)],
      shown: key.columns.map(quoteIdent),
      tell: (cells) => `${key.columns.join(', ')} ${cells.map(sampleText).join(', ')}: no row in ${key.parent.source}`,
    });
    const changed = convertedReferenceFindings(file, { mapping, table }, key, target, chosen);
    if (!found || changed.length) return changed;
    return [
      finding({
        code: 'orphan_rows',
        table: mapping.source,
        column: key.name,
        ...found,
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
