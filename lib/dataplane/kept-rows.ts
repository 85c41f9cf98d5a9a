import { quoteIdent } from '@/lib/sources/quote';
import { octetsSql, mostRowBytes } from './size-findings';
import { ruleFor } from './rules';
import { mostPageBytes, pageBytesSql } from './wide-rows';
import type { ChosenRules, ColumnMapping, RuleName, TableMapping, TargetTable } from './types';

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
  const width = ruleFor(rules, table, null, 'row_too_wide') === 'leave-out-rows' ? pageBytesSql(columns) : null;
  if (width !== null)
    keep.push({
      sql: `${width} <= ${mostPageBytes}`,
      because: `more than ${mostPageBytes} bytes would stand on one page`,
    });
  for (const { because } of keep) notMoved.push(`${table}: rows in which ${because}, left out by rule`);
  return keep;
}

/** Indexes of the target that a chosen rule drops, and those of them that one over digests takes the place of. */
export const droppedIndexes = (
  table: string,
  { indexes }: TargetTable,
  rules: ChosenRules,
): Pick<TableMapping, 'dropIndexes' | 'digestIndexes'> => {
  const by = (rule: RuleName) =>
    indexes.filter(({ name }) => ruleFor(rules, table, name, 'index_row_too_large') === rule);
  const digested = by('digest-index');
  return {
    dropIndexes: [...by('leave-out-index'), ...digested].map(({ name }) => name),
    digestIndexes: digested.map(({ name, columns }) => ({ name, columns })),
  };
};
