import { foldAscii, isScoped } from '@/lib/sources/scope';
import type { SourceSchema, SourceTable } from '@/lib/sources/source';
import { finding } from './findings';
import { droppedIndexes, keptRows } from './kept-rows';
import { matchName } from './match-name';
import { planColumns } from './plan-columns';
import { extraFindings, tellUnreadable } from './plan-extras';
import { addOrphanRules, foreignKeysOf } from './plan-orphans';
import { addStaged } from './plan-staged';
import { ruleFor } from './rules';
import { mostColumns, noRenames, targetName } from './target-ddl/names';
import type {
  ChosenRules,
  Finding,
  SourceScope,
  TableMapping,
  TablePlan,
  TargetPlace,
  TargetSchema,
  TargetTable,
} from './types';

export { matchName } from './match-name';
export { foreignKeysOf, orphanSql } from './plan-orphans';

/** Maps every source table and column to its target by name. Whatever has no place is a finding, never a silence. */
export function planTables(
  source: SourceSchema,
  target: TargetSchema,
  scope: SourceScope,
  place: TargetPlace,
  rules: ChosenRules,
): TablePlan {
  const plan: TablePlan = { tables: [], findings: extraFindings(source, target.designed === true), notMoved: [] };
  for (const table of source.tables) {
    const mapped = planTable(table, target, scope, place, rules, plan);
    if (mapped) plan.tables.push(mapped);
  }
  addStaged(source, plan, target, rules);
  tellUnreadable(source, rules, plan);
  for (const mapping of [...plan.tables]) addOrphanRules(mapping, plan, target, rules);
  plan.tables = parentsFirst(plan.tables, target);
  return plan;
}

function planTable(
  table: SourceTable,
  target: TargetSchema,
  scope: SourceScope,
  place: TargetPlace,
  rules: ChosenRules,
  plan: TablePlan,
): TableMapping | null {
  const leaveOut = (code: Finding['code'], because: string) => {
    if (ruleFor(rules, table.name, null, code) !== 'leave-out') return false;
    plan.notMoved.push(`${table.name}: ${because}, left out by rule`);
    return true;
  };
  const renames = place.renames ?? noRenames;
  const goal = targetOf(targetName(renames, table.name), target, place);
  if (leaveOut('name_refused', 'its name holds a control character')) return null;
  if (!goal) {
    const wide = table.columns.length > mostColumns;
    const code = wide ? 'too_many_columns' : 'table_without_target';
    plan.findings.push(
      finding({
        code,
        table: table.name,
        rules: ['leave-out'],
        message: wide
          ? `Table ${table.name} has ${table.columns.length} columns; PostgreSQL takes at most ${mostColumns}.`
          : `Table ${table.name} of the source has no table in the target.`,
      }),
    );
    leaveOut(code, wide ? 'too many columns' : 'no target table');
    return null;
  }
  if (isScoped(scope) && !table.scopeColumn) {
    plan.findings.push(
      finding({
        code: 'table_without_scope',
        table: table.name,
        rules: ['leave-out', 'take-whole'],
        message: `Table ${table.name} has no column that says which profile a row belongs to.`,
      }),
    );
    if (leaveOut('table_without_scope', 'no scope column')) return null;
  }
  const { copied: columns, computed, rowid } = planColumns(table, goal.table, renames, rules, plan);
  for (const trigger of goal.table.triggers.filter(({ changesLoad }) => changesLoad))
    plan.findings.push(
      finding({
        code: 'load_trigger',
        table: table.name,
        column: trigger.name,
        rules: ['accept'],
        message: `Trigger ${trigger.name} on ${goal.table.name} can change rows while they are loaded; the row diff would show it.`,
      }),
    );
  const mappedKey = table.primaryKey.every((name) => columns.some((column) => column.source === name));
  return {
    source: table.name,
    target: { schema: goal.table.schema, table: goal.table.name },
    columns,
    computed,
    keep: keptRows(table.name, columns, rules, plan.notMoved),
    ...droppedIndexes(table.name, goal.table, rules),
    scope: table.scopeColumn ? { column: table.scopeColumn, value: scope.sourceId } : null,
    shared: goal.keyColumn === null ? null : { keyColumn: goal.keyColumn },
    key: rowid !== null ? [rowid] : mappedKey ? scopeLast(table) : [],
  };
}

/** The profile's column is alike in all of its rows: last in the key, it costs neither side a comparison. */
const scopeLast = ({ primaryKey, scopeColumn }: SourceTable): string[] => [
  ...primaryKey.filter((name) => name !== scopeColumn),
  ...primaryKey.filter((name) => name === scopeColumn),
];

function targetOf(
  name: string,
  target: TargetSchema,
  place: TargetPlace,
): { table: TargetTable; keyColumn: string | null } | null {
  const shared = place.sharedTables.find(({ table }) => foldAscii(table) === foldAscii(name));
  if (shared) {
    const table = target.tables.find((one) => one.schema === shared.schema && one.name === shared.table);
    return table ? { table, keyColumn: shared.keyColumn } : null;
  }
  const table = matchName(
    name,
    target.tables.filter(({ schema }) => schema === target.schema),
  );
  return table ? { table, keyColumn: null } : null;
}

/** Parents before children, else in name order; members of a cycle stay where they are. */
function parentsFirst(tables: readonly TableMapping[], target: TargetSchema): TableMapping[] {
  const parents = new Map(
    tables.map((one) => [one, foreignKeysOf(one, { tables }, target).map(({ parent }) => parent)] as const),
  );
  const placed = new Set<TableMapping>();
  let waiting = [...tables];
  while (waiting.length) {
    const ready = waiting.filter((one) => parents.get(one)?.every((parent) => parent === one || placed.has(parent)));
    for (const one of ready.length ? ready : waiting) placed.add(one);
    waiting = waiting.filter((one) => !placed.has(one));
  }
  return [...placed];
}
