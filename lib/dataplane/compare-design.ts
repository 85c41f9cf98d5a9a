import type pg from 'pg';
import { compareTargets } from './compare-targets';
import { readDesign, type StoredDesign, withoutWaiting } from './design-store';
import { readTarget } from './read-target';
import type { AfterStatement } from './target-ddl/design-types';
import type { TablePlan, TargetPlace, TargetSchema } from './types';

/** Whether the catalog holds what a statement makes. */
export function isBuilt({ kind, table, name }: AfterStatement, { tables, schema }: TargetSchema): boolean {
  const own = tables.find((one) => one.schema === schema && one.name === table);
  const named = (list: readonly { name: string }[] | undefined) => list?.some((one) => one.name === name) ?? false;
  if (kind === 'check') return named(own?.checks);
  if (kind === 'foreign key') return named(own?.foreignKeys);
  if (kind === 'default') return own?.columns.find((column) => column.name === name)?.defaultSql != null;
  return named(own?.indexes);
}

/** Differences between the catalog and the design, in words; empty = equal, null = the schema was not designed here. */
export async function compareWithDesign(client: pg.Client, input: { place: TargetPlace }, plan: TablePlan) {
  const design = await readDesign(client, input.place);
  if (!design) return null;
  return {
    differences: compareTargets(asAltered(design, plan), await readTarget(client, input.place)),
    built: design.after.length,
    notCarried: design.notCarried.map(({ table, object, kind, why }) => `${kind} ${object} of ${table}: ${why}`),
  };
}

/** What of the schema is not as its design has it so far, in words; what the import has still to build is no difference. */
export async function compareSoFar(client: pg.Client, place: TargetPlace): Promise<string[]> {
  const design = await readDesign(client, place);
  if (!design) return [`schema ${place.schema} was not made from this source`];
  const there = await readTarget(client, place);
  const waiting = design.after.filter((statement) => !isBuilt(statement, there));
  return compareTargets(withoutWaiting(design, waiting), there);
}

/** Columns as rules have altered them since the schema was made. */
const asAltered = ({ expected }: StoredDesign, { tables }: TablePlan): TargetSchema => ({
  ...expected,
  tables: expected.tables.map((table) => {
    const mapping = tables.find(({ target }) => target.schema === table.schema && target.table === table.name);
    const columns = table.columns.map((column) => {
      const now = mapping?.columns.find(({ target }) => target === column.name)?.type;
      if (!now || column.generated) return column;
      const { type, typeText, maxChars, precision, scale, notNull } = now;
      return { ...column, type, typeText, maxChars, precision, scale, notNull };
    });
    return { ...table, columns };
  }),
});
