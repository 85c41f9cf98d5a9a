import type { RuleName } from './finding-types';
import type { ColumnMapping, TableMapping, TargetSchema, TargetTable } from './types';

export const targetTableOf = (mapping: TableMapping, target: TargetSchema): TargetTable | undefined =>
  target.tables.find(({ schema, name }) => schema === mapping.target.schema && name === mapping.target.table);

/** A given target keeps the types of a reference: no rule changes one end of it, and both ends are the target's own to change. */
export function whyNone(mapping: TableMapping, source: string | null, target: TargetSchema): string {
  const name = mapping.columns.find((column) => column.source === source)?.target;
  if (target.designed || name === undefined) return '';
  const ends = referenceEnds(mapping, name, target);
  return ends.length
    ? ` No rule changes the type of ${mapping.target.table}.${name}, since ${ends.join(' and ')} ${ends.length > 1 ? 'go' : 'goes'} with it: give both ends of the reference a type that fits in the target’s own DDL, or change the values.`
    : '';
}

/** Columns at the other end of foreign keys that a column of the target has part in. */
function referenceEnds(mapping: TableMapping, name: string, target: TargetSchema): string[] {
  const own = targetTableOf(mapping, target)?.foreignKeys ?? [];
  const from = own.flatMap(({ table, columns, references }) =>
    columns.includes(name) ? [`${table}.${references[columns.indexOf(name)]}`] : [],
  );
  const to = target.tables.flatMap((other) =>
    other.foreignKeys.flatMap(({ schema, table, columns, references }) =>
      schema === mapping.target.schema && table === mapping.target.table && references.includes(name)
        ? [`${other.name}.${columns[references.indexOf(name)]}`]
        : [],
    ),
  );
  return [...new Set([...from, ...to])];
}

/** A column that others refer to, or that an index stands on, keeps a type that fits them. In a designed target both ends of a
 *  reference can change; one that no longer fits is a finding of the design. */
export function mayAlter(
  mapping: TableMapping,
  { target: name }: ColumnMapping,
  rule: RuleName,
  target: TargetSchema,
): boolean {
  const goal = targetTableOf(mapping, target);
  const inKey = goal?.primaryKey.includes(name) ?? false;
  // In a designed target a key with NULLs becomes a unique key; a given one stays a primary key.
  if (rule === 'drop-not-null') return !inKey || target.designed === true;
  if (rule === 'leave-out-rows') return inKey;
  if (!rule.startsWith('widen-') || rule === 'widen-to-bigint') return true;
  if (mapping.shared) return false;
  const inReference = referenceEnds(mapping, name, target).length > 0;
  const indexed = goal?.indexes.some(({ columns }) => columns.includes(name)) ?? false;
  if (rule === 'widen-to-json') return !inReference && !indexed;
  return target.designed === true || !inReference;
}
