import { quoteIdent, quoteText } from '@/lib/sources/quote';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { rowsWhere } from '@/lib/sources/sqlite-sql';
import { changesValues, keyTerm } from './converted-keys';
import { finding } from './findings';
import { type ForeignKeyOf, orphanSql } from './plan-orphans';
import { alteredColumn } from './rules';
import { rowsMeeting } from './sample-rows';
import { sampleText } from './sample-text';
import type { MappedTable } from './source-readers';
import type { ChosenRules, ColumnMapping, Finding, TableMapping, TargetSchema } from './types';

const integers = ['int2', 'int4', 'int8'];

/** Rows that refer to a row in the source and to none in the target, since a chosen rule changes the value at one end only: the foreign
 *  key would be refused when all rows are in. Both ends are made by the encoder that copies them. */
export function convertedReferenceFindings(
  file: SqliteFile,
  { mapping, table }: MappedTable,
  key: ForeignKeyOf,
  target: TargetSchema,
  chosen: ChosenRules,
): Finding[] {
  const changed = [
    ...key.columns.filter((name) => changesValues(mapping.source, name, chosen)),
    ...key.references.filter((name) => changesValues(key.parent.source, name, chosen)),
  ];
  const [own, other] = [asChosen(mapping, key.columns, chosen), asChosen(key.parent, key.references, chosen)];
  if (!changed.length || !own || !other) return [];
  // The server compares integers of any width; here they are compared as the widest.
  const wide = (column: ColumnMapping): ColumnMapping =>
    integers.includes(column.type.type) ? { ...column, type: { ...column.type, type: 'int8' } } : column;
  const [from, to] = [own.map(wide), other.map(wide)];
  if (from.some(({ type }, i) => type.type !== to[i]?.type.type)) return [];
  const refers = keyTerm(file, { mapping, columns: from, chosen, name: 'cutover_from' });
  const referred = keyTerm(file, { mapping: key.parent, columns: to, chosen, name: 'cutover_to' });
  const { scope, keep } = key.parent;
  const parents = [
    ...keep.map(({ sql }) => sql),
    ...(scope ? [`${quoteIdent(scope.column)} collate binary = ${quoteText(scope.value)}`] : []),
    `${referred} is not null`,
  ];
  const found = rowsMeeting(file, mapping, table, {
    where: [
      `not coalesce(${orphanSql(mapping, key)}, 0)`,
      `${refers} not in (select ${referred} from ${quoteIdent(key.parent.source)}${rowsWhere(null, parents)})`,
    ],
    shown: key.columns.map(quoteIdent),
    tell: (cells) => `${key.columns.join(', ')} ${cells.map(sampleText).join(', ')}: changed at one end only`,
  });
  if (!found) return [];
  return [
    finding({
      code: 'orphan_rows',
      table: mapping.source,
      column: key.name,
      ...found,
      rules: target.designed ? ['not-valid'] : [],
      message: `${mapping.source} holds rows whose ${key.columns.join(', ')} leads to a row of ${key.parent.source} in the source, and to none once the chosen rules have changed the values at one end. Choose a rule that does the same at both ends.`,
    }),
  ];
}

/** The columns as chosen rules make them; null where one is not mapped. */
function asChosen(mapping: TableMapping, names: readonly string[], chosen: ChosenRules): ColumnMapping[] | null {
  const columns = names.flatMap((name) => mapping.columns.find(({ source }) => source === name) ?? []);
  if (columns.length < names.length) return null;
  return columns.map((column) => ({
    ...column,
    type: alteredColumn(column.type, mapping.source, column.source, chosen),
    notNull: false,
  }));
}
