import { quoteIdent } from '@/lib/sources/quote';
import { orphanCondition } from '@/lib/sources/sqlite-sql';
import { ruleFor } from './rules';
import { quarantineName } from './target-ddl/design-target';
import type { ChosenRules, RuleName, TableMapping, TablePlan, TargetSchema } from './types';

const placeKey = (schema: string, name: string): string => `${schema}\0${name}`;
const known = new WeakMap<object, Map<string, unknown>>();

/** A list by key, made once for a list of that length: with hundreds of tables it is asked for hundreds of times. */
function listed<T>(list: readonly T[], keyOf: (one: T) => string): Map<string, T> {
  const before = known.get(list) as Map<string, T> | undefined;
  if (before?.size === list.length) return before;
  const made = new Map(list.map((one) => [keyOf(one), one]));
  known.set(list, made);
  return made;
}

/** Parents among the profile's own tables, by target foreign key, in terms of the source. */
export function foreignKeysOf(mapping: TableMapping, plan: { tables: readonly TableMapping[] }, target: TargetSchema) {
  const { schema, table: name } = mapping.target;
  const table = listed(target.tables, (one) => placeKey(one.schema, one.name)).get(placeKey(schema, name));
  const byPlace = listed(plan.tables, (one) => placeKey(one.target.schema, one.target.table));
  return (table?.foreignKeys ?? []).flatMap((key) => {
    const parent = byPlace.get(placeKey(key.schema, key.table));
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
export type ForeignKeyOf = ReturnType<typeof foreignKeysOf>[number];

export const orphanSql = (mapping: TableMapping, key: ForeignKeyOf): string =>
  orphanCondition(
    { table: mapping.source, columns: key.columns },
    { table: key.parent.source, columns: key.references, scope: key.parent.scope },
  );

/** Columns of a reference that may become NULL: nullable, and no part of the row's own key. */
const nullable = (mapping: TableMapping, key: ForeignKeyOf): string[] =>
  key.columns.filter(
    (name) => !mapping.key.includes(name) && mapping.columns.some(({ source, notNull }) => source === name && !notNull),
  );

/** Rules for rows that lead nowhere; the constraint and a table for the rows themselves can only change where we made the target. */
export const orphanRules = (mapping: TableMapping, key: ForeignKeyOf, { designed }: TargetSchema): RuleName[] => [
  ...(designed ? (['not-valid', 'move-to-quarantine'] as const) : []),
  ...(nullable(mapping, key).length ? (['set-null'] as const) : []),
  'leave-out-rows',
];

/** Applies the chosen rules to the rows of a mapping. Rows are never dropped without a line in `notMoved`. */
export function addOrphanRules(mapping: TableMapping, plan: TablePlan, target: TargetSchema, rules: ChosenRules): void {
  const aside: string[] = [];
  const emptied = new Map<string, string[]>();
  for (const key of foreignKeysOf(mapping, plan, target)) {
    const rule = ruleFor(rules, mapping.source, key.name, 'orphan_rows');
    const orphan = orphanSql(mapping, key);
    if (rule === 'set-null')
      for (const name of nullable(mapping, key)) emptied.set(name, [...(emptied.get(name) ?? []), orphan]);
    if (rule === 'move-to-quarantine') aside.push(orphan);
    if (rule !== 'leave-out-rows') continue;
    mapping.keep.push({ sql: `not ${orphan}`, because: `${key.name} leads nowhere` });
    plan.notMoved.push(`${mapping.source}: rows whose ${key.name} leads nowhere, left out by rule`);
  }
  if (emptied.size)
    mapping.reads = {
      ...mapping.reads,
      ...Object.fromEntries(
        [...emptied].map(([name, orphans]) => [
          name,
          `case when ${orphans.join(' or ')} then null else ${mapping.reads?.[name] ?? quoteIdent(name)} end`,
        ]),
      ),
    };
  if (aside.length) addQuarantine(mapping, plan, target, aside);
}

/** The same rows' other place: one mapping takes what refers to something, the other what does not. */
function addQuarantine(mapping: TableMapping, plan: TablePlan, target: TargetSchema, orphans: readonly string[]): void {
  const { schema, table } = mapping.target;
  const wanted = quarantineName(table);
  const place = target.tables.find((one) => one.schema === schema && one.name === wanted);
  if (!place) return;
  const columns = mapping.columns.flatMap((column) => {
    const type = place.columns.find(({ name }) => name === column.target);
    return type ? [{ ...column, type, notNull: false }] : [];
  });
  const condition = `(${orphans.join(' or ')})`;
  plan.tables.push({
    ...mapping,
    columns,
    computed: [],
    label: `${mapping.source} (quarantine)`,
    target: { schema, table: wanted },
    keep: [...mapping.keep, { sql: condition, because: 'a foreign key leads somewhere' }],
  });
  mapping.keep.push({ sql: `not ${condition}`, because: 'a foreign key leads nowhere; the row is in quarantine' });
}
