import { foldAscii, isScoped } from '@/lib/sources/scope';
import type { SourceSchema, SourceTable } from '@/lib/sources/source';
import { orphanCondition } from '@/lib/sources/sqlite-sql';
import { presentEncoder } from './encode-value';
import { finding } from './findings';
import { droppedIndexes, keptRows } from './kept-rows';
import { alteredColumn, ruleFor } from './rules';
import type {
  ChosenRules,
  ColumnMapping,
  Finding,
  SourceScope,
  TableMapping,
  TablePlan,
  TargetPlace,
  TargetSchema,
  TargetTable,
} from './types';

/** Exact name first; then a name that differs by ASCII case only, if it is the only one. */
export function matchName<T extends { name: string }>(wanted: string, candidates: readonly T[]): T | null {
  const exact = candidates.find(({ name }) => name === wanted);
  if (exact) return exact;
  const folded = candidates.filter(({ name }) => foldAscii(name) === foldAscii(wanted));
  return folded.length === 1 ? (folded[0] as T) : null;
}

/** Maps every source table and column to its target by name. Whatever has no place is a finding, never a silence. */
export function planTables(
  source: SourceSchema,
  target: TargetSchema,
  scope: SourceScope,
  place: TargetPlace,
  rules: ChosenRules,
): TablePlan {
  const plan: TablePlan = { tables: [], findings: extraFindings(source), notMoved: [] };
  for (const table of source.tables) {
    const mapped = planTable(table, target, scope, place, rules, plan);
    if (mapped) plan.tables.push(mapped);
  }
  for (const mapping of plan.tables) addOrphanRules(mapping, plan, target, rules);
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
  const goal = targetOf(table.name, target, place);
  if (!goal) {
    plan.findings.push(
      finding({
        code: 'table_without_target',
        table: table.name,
        rules: ['leave-out'],
        message: `Table ${table.name} of the source has no table in the target.`,
      }),
    );
    leaveOut('table_without_target', 'no target table');
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
  const columns = planColumns(table, goal.table, rules, plan);
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
    keep: keptRows(table.name, columns, rules, plan.notMoved),
    dropIndexes: droppedIndexes(table.name, goal.table, rules, plan.notMoved),
    scope: table.scopeColumn ? { column: table.scopeColumn, value: scope.sourceId } : null,
    shared: goal.keyColumn === null ? null : { keyColumn: goal.keyColumn },
    key: mappedKey ? scopeLast(table) : [],
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

function planColumns(table: SourceTable, target: TargetTable, rules: ChosenRules, plan: TablePlan): ColumnMapping[] {
  const columns: ColumnMapping[] = [];
  for (const { name, generated } of table.columns) {
    const found = matchName(name, target.columns);
    const trouble = found?.generated
      ? ('generated_column' as const)
      : !found
        ? ('column_without_target' as const)
        : presentEncoder(found)
          ? null
          : ('type_not_supported' as const);
    if (found && !trouble) {
      const type = alteredColumn(found, table.name, name, rules);
      columns.push({ source: name, target: found.name, type, notNull: type.notNull });
      continue;
    }
    if (ruleFor(rules, table.name, name, trouble as Finding['code']) === 'leave-out')
      plan.notMoved.push(`${table.name}.${name}: left out by rule`);
    plan.findings.push(
      finding({
        code: trouble as Finding['code'],
        table: table.name,
        column: name,
        rules: ['leave-out'],
        message: columnMessage(trouble, `${table.name}.${name}`, found?.typeText, generated),
      }),
    );
  }
  for (const column of target.columns.filter(
    (one) => !columns.some(({ target: name }) => name === one.name) && !one.generated,
  )) {
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
  return columns;
}

function columnMessage(code: string | null, where: string, type: string | undefined, generated: boolean): string {
  if (code === 'generated_column')
    return `The target computes ${where} itself; the source’s value cannot be stored there.`;
  if (code === 'type_not_supported') return `${where} would go into a column of type ${type}, which is not supported.`;
  return `Column ${where} of the source has no column in the target${generated ? ' (the source computes it)' : ''}.`;
}

function extraFindings(source: SourceSchema): Finding[] {
  const shadows = source.extras.filter(({ type }) => type === 'shadow').map(({ name }) => name);
  return source.extras
    .filter(({ type }) => type !== 'shadow')
    .map(({ name, type }) => {
      const own = type === 'virtual' ? shadows.filter((shadow) => shadow.startsWith(`${name}_`)) : [];
      const tail = own.length ? ` with its ${own.length} shadow tables` : '';
      return finding({
        code: 'object_not_moved',
        table: name,
        message: `The ${type === 'virtual' ? 'virtual table' : type} ${name}${tail} is not moved.`,
        blocking: false,
        rules: ['accept'],
      });
    });
}

/** Parents among the profile's own tables, by target foreign key, in terms of the source. */
export function foreignKeysOf(mapping: TableMapping, plan: { tables: readonly TableMapping[] }, target: TargetSchema) {
  const table = target.tables.find(
    ({ schema, name }) => schema === mapping.target.schema && name === mapping.target.table,
  );
  return (table?.foreignKeys ?? []).flatMap((key) => {
    const parent = plan.tables.find((one) => one.target.schema === key.schema && one.target.table === key.table);
    const columns = key.columns.map((name) => mapping.columns.find((column) => column.target === name)?.source);
    const references = key.references.map((name) => parent?.columns.find((column) => column.target === name)?.source);
    if (!parent || [...columns, ...references].includes(undefined)) return [];
    return [
      {
        name: key.name,
        deferrable: key.deferrable,
        parent,
        columns: columns as string[],
        references: references as string[],
      },
    ];
  });
}

export const orphanSql = (mapping: TableMapping, key: ReturnType<typeof foreignKeysOf>[number]): string =>
  orphanCondition(
    { table: mapping.source, columns: key.columns },
    { table: key.parent.source, columns: key.references, scope: key.parent.scope },
  );

function addOrphanRules(mapping: TableMapping, plan: TablePlan, target: TargetSchema, rules: ChosenRules): void {
  for (const key of foreignKeysOf(mapping, plan, target)) {
    if (ruleFor(rules, mapping.source, key.name, 'orphan_rows') !== 'leave-out-rows') continue;
    mapping.keep.push({ sql: `not ${orphanSql(mapping, key)}`, because: `${key.name} leads nowhere` });
    plan.notMoved.push(`${mapping.source}: rows whose ${key.name} leads nowhere, left out by rule`);
  }
}

/** Parents before children, else in name order; members of a cycle stay where they are. */
function parentsFirst(tables: readonly TableMapping[], target: TargetSchema): TableMapping[] {
  const placed: TableMapping[] = [];
  let waiting = [...tables];
  while (waiting.length) {
    const ready = waiting.filter((one) =>
      foreignKeysOf(one, { tables }, target).every(({ parent }) => parent === one || placed.includes(parent)),
    );
    const next = ready.length ? ready : waiting;
    placed.push(...next);
    waiting = waiting.filter((one) => !next.includes(one));
  }
  return placed;
}
