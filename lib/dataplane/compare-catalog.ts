import type pg from 'pg';
import { quotePath } from '@/lib/sources/quote';
import { compareTargets } from './compare-targets';
import { textRows } from './connect-target';
import { ledgerOf } from './ledger-schema';
import { ledgerTable } from './make-ledger';
import type { OpenPlan } from './open-plan';
import { unreadableTables, unreadableWords } from './readable-tables';
import { alteredColumn } from './rules';
import type { ChosenRules, TablePlan, TargetPlace, TargetSchema } from './types';

/** What a row diff of a designed schema cannot see in rows. `reviewed`: SQL of a person was applied to it, which may explain differences. */
export type CatalogReading = { differences: string[]; strayRows: string[]; reviewed: boolean };

/** The catalog as it is against the design that made it; null where something else made it. Our own fence is no difference. */
export async function compareCatalog(
  client: pg.Client,
  place: TargetPlace,
  { design, plan, there }: OpenPlan,
  rules: ChosenRules,
): Promise<CatalogReading | null> {
  if (!design) return null;
  const tables = there.tables.map((table) => ({
    ...table,
    triggers: table.triggers.filter(({ name }) => !name.startsWith('cutover_fence_')),
  }));
  const differences = compareTargets(asRuled(design.expected, plan, rules), { ...there, tables });
  const strayRows: string[] = [];
  const unread = await unreadableTables(client, there);
  for (const { schema, name } of tables) {
    if (schema !== place.schema || design.expected.tables.some((one) => one.name === name)) continue;
    const one = unread.find((other) => other.schema === schema && other.name === name);
    if (one) {
      strayRows.push(`${unreadableWords(one)}, and no table of the source became it`);
      continue;
    }
    if ((await textRows(client, `select 1 as held from ${quotePath(schema, name)} limit 1`)).length)
      strayRows.push(`table ${name} of the target, which no table of the source became, holds rows`);
  }
  return { differences, strayRows, reviewed: await hasReviewedSql(client, place) };
}

/** Columns as the chosen rules have the import alter them; not as they are now, or a change by hand would pass. */
const asRuled = (expected: TargetSchema, { tables }: TablePlan, rules: ChosenRules): TargetSchema => ({
  ...expected,
  tables: expected.tables.map((table) => {
    const mapping = tables.find(({ target }) => target.schema === table.schema && target.table === table.name);
    const columns = table.columns.map((column) => {
      const source = mapping?.columns.find(({ target }) => target === column.name)?.source;
      return mapping && source !== undefined && !column.generated
        ? alteredColumn(column, mapping.source, source, rules)
        : column;
    });
    return { ...table, columns };
  }),
});

async function hasReviewedSql(client: pg.Client, { schema }: TargetPlace): Promise<boolean> {
  const applied = await ledgerTable(client, 'applied');
  if (!applied) return false;
  const sql = `select 1 as applied from ${applied} join ${ledgerOf(client)}.load using (cutover_id) where schema_name = $1 limit 1`;
  return (await textRows(client, sql, [schema])).length > 0;
}
