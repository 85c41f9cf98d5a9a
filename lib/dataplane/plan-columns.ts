import { rowidName } from '@/lib/sources/sqlite-sql';
import type { SourceTable } from '@/lib/sources/source';
import { presentEncoder } from './encode-value';
import { finding } from './findings';
import { matchName } from './match-name';
import { alteredColumn, ruleFor } from './rules';
import { targetColumnName } from './target-ddl/names';
import type { ChosenRules, ColumnMapping, FindingCode, Renames, TablePlan, TargetColumn, TargetTable } from './types';

export type PlannedColumns = { copied: ColumnMapping[]; computed: ColumnMapping[]; rowid: string | null };

/** Every source column with its target, by name; what has none is a finding, what a rule leaves out is told. */
export function planColumns(
  table: SourceTable,
  target: TargetTable,
  renames: Renames,
  rules: ChosenRules,
  plan: TablePlan,
): PlannedColumns {
  const planned: PlannedColumns = { copied: [], computed: [], rowid: null };
  for (const column of table.columns) {
    const { name, generated } = column;
    if (ruleFor(rules, table.name, name, 'name_refused') === 'leave-out') {
      plan.notMoved.push(`${table.name}.${name}: its name holds a control character, left out by rule`);
      continue;
    }
    const found = matchName(targetColumnName(renames, table.name, name), target.columns);
    const trouble = troubleOf(found, generated);
    if (found && !trouble) {
      const type = alteredColumn(found, table.name, name, rules);
      const mapping = { source: name, target: found.name, type, notNull: type.notNull };
      (found.generated ? planned.computed : planned.copied).push(mapping);
      continue;
    }
    if (ruleFor(rules, table.name, name, trouble as FindingCode) === 'leave-out')
      plan.notMoved.push(`${table.name}.${name}: left out by rule`);
    plan.findings.push(
      finding({
        code: trouble as FindingCode,
        table: table.name,
        column: name,
        rules: ['leave-out'],
        message: columnMessage(trouble, `${table.name}.${name}`, found?.typeText, generated),
      }),
    );
  }
  carryRowid(table, target, rules, planned);
  tellUnfilled(table, target, [...planned.copied, ...planned.computed], plan);
  return planned;
}

/** A column that both sides compute is compared; one that only the target computes cannot take the source's value. */
function troubleOf(found: TargetColumn | null, generated: boolean) {
  if (!found) return 'column_without_target' as const;
  if (found.generated && !generated) return 'generated_column' as const;
  return presentEncoder(found) ? null : ('type_not_supported' as const);
}

function carryRowid(table: SourceTable, target: TargetTable, rules: ChosenRules, planned: PlannedColumns): void {
  if (ruleFor(rules, table.name, null, 'no_primary_key') !== 'carry-rowid') return;
  const name = rowidName(table);
  const type = target.columns.find((column) => column.name === name);
  if (name === null || !type || planned.copied.some((column) => column.target === name)) return;
  planned.rowid = name;
  planned.copied.push({ source: name, target: name, type, notNull: true });
}

function tellUnfilled(
  table: SourceTable,
  target: TargetTable,
  filled: readonly ColumnMapping[],
  plan: TablePlan,
): void {
  const empty = target.columns.filter((one) => !filled.some(({ target: name }) => name === one.name) && !one.generated);
  for (const column of empty) {
    if (column.notNull && column.defaultSql === null && !column.identity)
      plan.findings.push(
        finding({
          code: 'target_column_without_source',
          table: table.name,
          column: column.name,
          message: `Target column ${target.name}.${column.name} must not be NULL and no source column fills it.`,
        }),
      );
    else plan.notMoved.push(`${target.name}.${column.name}: target column without a source, filled by its default`);
  }
}

function columnMessage(code: string | null, where: string, type: string | undefined, generated: boolean): string {
  if (code === 'generated_column')
    return `The target computes ${where} itself; the source’s value cannot be stored there.`;
  if (code === 'type_not_supported') return `${where} would go into a column of type ${type}, which is not supported.`;
  return `Column ${where} of the source has no column in the target${generated ? ' (the source computes it)' : ''}.`;
}
