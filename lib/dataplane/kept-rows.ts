import { quoteIdent } from '@/lib/sources/quote';
import { octetsSql, mostRowBytes } from './size-findings';
import { ruleFor } from './rules';
import type { ChosenRules, ColumnMapping, TableMapping, TargetTable } from './types';

/** Conditions that leave rows out by a chosen rule; each is told in `notMoved`. */
export function keptRows(
  table: string,
  columns: readonly ColumnMapping[],
  rules: ChosenRules,
  notMoved: string[],
): TableMapping['keep'] {
  const keep: TableMapping['keep'] = [];
  for (const { source } of columns)
    if (ruleFor(rules, table, source, 'null_in_not_null') === 'leave-out-rows')
      keep.push({ sql: `${quoteIdent(source)} is not null`, because: `${source} is NULL` });
  if (ruleFor(rules, table, null, 'row_too_large') === 'leave-out-rows')
    keep.push({
      sql: `${octetsSql(columns.map(({ source }) => source))} <= ${mostRowBytes}`,
      because: 'the row is larger than 512 MiB',
    });
  for (const { because } of keep) notMoved.push(`${table}: rows in which ${because}, left out by rule`);
  return keep;
}

/** Indexes of the target that a chosen rule drops. */
export const droppedIndexes = (table: string, { indexes }: TargetTable, rules: ChosenRules): string[] =>
  indexes
    .filter(({ name }) => ruleFor(rules, table, name, 'index_row_too_large') === 'leave-out-index')
    .map(({ name }) => name);
