import { canonicalJson } from '@/lib/shared/json';
import type { TargetSchema, TargetTable } from './types';

const parts = ['columns', 'primaryKey', 'uniqueKeys', 'foreignKeys', 'indexes', 'checks', 'triggers'] as const;

/** Differences of two catalogs in words; empty = equal. Owners and the schema's own name are left out. */
export function compareTargets(expected: TargetSchema, actual: TargetSchema): string[] {
  const differences: string[] = [];
  if (!actual.exists) return [`schema ${actual.schema} does not exist`];
  const mine = (schema: TargetSchema) =>
    new Map(
      schema.tables.map((table) => [
        table.schema === schema.schema ? table.name : `${table.schema}.${table.name}`,
        table,
      ]),
    );
  const wanted = mine(expected);
  const found = mine(actual);
  for (const [name, table] of wanted) {
    const other = found.get(name);
    if (!other) differences.push(`table ${name} is missing`);
    else differences.push(...compareTables(name, neutral(table, expected.schema), neutral(other, actual.schema)));
  }
  for (const name of found.keys()) if (!wanted.has(name)) differences.push(`table ${name} is not expected`);
  return differences;
}

/** The schema's own name stands in definitions and in names of indexes; it is replaced there, so that two profiles can be compared. */
function neutral(table: TargetTable, schema: string): TargetTable {
  const escaped = schema.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const name = new RegExp(`(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])`, 'g');
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replace(name, '<schema>');
    if (Array.isArray(value)) return value.map(walk);
    if (value && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, walk(member)]));
    return value;
  };
  return walk(table) as TargetTable;
}

function compareTables(name: string, expected: TargetTable, actual: TargetTable): string[] {
  const differences: string[] = [];
  for (const part of parts) {
    const one = list(expected[part]);
    const other = list(actual[part]);
    for (const [key, text] of one)
      if (other.get(key) !== text)
        differences.push(
          `${name}: ${part} ${key} ${other.has(key) ? `is ${other.get(key)}, expected ${text}` : 'is missing'}`,
        );
    for (const key of other.keys()) if (!one.has(key)) differences.push(`${name}: ${part} ${key} is not expected`);
  }
  return differences;
}

const list = (members: readonly (string | { name: string })[]): Map<string, string> =>
  new Map(
    members.map((member, i) =>
      typeof member === 'string' ? [`${i + 1}`, member] : [member.name, canonicalJson(member)],
    ),
  );
