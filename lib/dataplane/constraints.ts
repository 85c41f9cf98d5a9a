import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { compareTargets } from './compare-targets';
import { inTransaction } from './connect-target';
import { readDesign, readTargetOfDesign, type StoredDesign } from './design-store';
import { holdEpoch, ledgerSchema } from './ledger';
import { readTarget } from './read-target';
import { sqlState } from './target-errors';
import type { AfterStatement } from './target-ddl/design-types';
import type { ImportInput, TablePlan, TargetPlace, TargetSchema } from './types';

type BuildInput = Pick<ImportInput, 'place' | 'cutoverId' | 'epoch' | 'signal' | 'log' | 'failpoint'>;

/** Builds keys, checks, defaults, indexes and foreign keys of a designed schema, now that the rows are in: each with its ledger row in
 *  one transaction, so a kill at any point goes on where it stopped. The catalog itself says what is there already.
 *  @returns the statements that were run; none where the system's own DDL made the schema @throws CutoverError constraint_refused | attempt_lost */
export async function buildConstraints(client: pg.Client, input: BuildInput): Promise<string[]> {
  const design = await readDesign(client, input.place);
  if (!design) return [];
  const there = await readTarget(client, input.place);
  const waiting = design.after.filter((statement) => !isBuilt(statement, there));
  for (const statement of waiting) {
    await input.failpoint?.('import:before-constraint');
    input.signal.throwIfAborted();
    await buildOne(client, input, statement);
    input.log?.('info', `${statement.kind} ${statement.name} of ${statement.table} built`);
  }
  // The planner knows nothing of freshly copied rows; the row diff and the application come next.
  if (waiting.length)
    for (const { name, schema } of there.tables) if (schema === input.place.schema) await analyze(client, schema, name);
  return waiting.map(({ sql }) => sql);
}

const analyze = (client: pg.Client, schema: string, name: string) =>
  client.query(`analyze "${schema.replaceAll('"', '""')}"."${name.replaceAll('"', '""')}"`);

async function buildOne(
  client: pg.Client,
  input: BuildInput,
  { kind, table, name, sql }: AfterStatement,
): Promise<void> {
  const { cutoverId, epoch, place } = input;
  try {
    await inTransaction(client, async () => {
      await holdEpoch(client, cutoverId, epoch);
      await client.query(sql);
      await client.query(
        `insert into ${ledgerSchema}.built (schema_name, kind, table_name, name, sql) values ($1, $2, $3, $4, $5)
        on conflict (schema_name, kind, table_name, name) do update set sql = excluded.sql, built_at = clock_timestamp()`,
        [place.schema, kind, table, name, sql],
      );
      await input.failpoint?.('import:after-constraint');
    });
  } catch (thrown) {
    const state = sqlState(thrown);
    if (thrown instanceof CutoverError || !/^(22|23|42|54)/.test(state)) throw thrown;
    throw new CutoverError(
      {
        code: 'constraint_refused',
        message: `The ${kind} ${name} of ${table} could not be built: ${(thrown as Error).message}.`,
        advice: 'All rows are in. Run preflight again and choose a rule for it, or repair the rows in the source.',
        facts: { sqlstate: state, table, name, sql },
      },
      { cause: thrown },
    );
  }
}

/** Whether the catalog holds what a statement makes. */
function isBuilt({ kind, table, name }: AfterStatement, { tables, schema }: TargetSchema): boolean {
  const own = tables.find((one) => one.schema === schema && one.name === table);
  const named = (list: readonly { name: string }[] | undefined) => list?.some((one) => one.name === name) ?? false;
  if (kind === 'check') return named(own?.checks);
  if (kind === 'foreign key') return named(own?.foreignKeys);
  if (kind === 'default') return own?.columns.find((column) => column.name === name)?.defaultSql != null;
  return named(own?.indexes);
}

/** Differences between the catalog and the design, in words; empty = equal, null = the schema was not designed here. */
export async function compareWithDesign(client: pg.Client, input: Pick<BuildInput, 'place'>, plan: TablePlan) {
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
  const after = design.after.filter((statement) => isBuilt(statement, there));
  return compareTargets(await readTargetOfDesign(client, place, { create: design.create, after }), there);
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
