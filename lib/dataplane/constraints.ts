import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { compareTargets } from './compare-targets';
import { quotePath } from '@/lib/sources/quote';
import { buildGroups } from './build-groups';
import { inTransaction, runTogether, textRows, withTarget } from './connect-target';
import { readDesign, type StoredDesign, withoutWaiting } from './design-store';
import { holdEpoch } from './ledger';
import { ledgerOf } from './ledger-schema';
import { readTarget } from './read-target';
import { sqlState } from './target-errors';
import type { AfterStatement } from './target-ddl/design-types';
import type { ImportInput, TablePlan, TargetPlace, TargetSchema } from './types';

type BuildInput = Pick<ImportInput, 'place' | 'cutoverId' | 'epoch' | 'signal' | 'log' | 'failpoint' | 'designDigest'>;

/** Builds keys, checks, defaults, indexes and foreign keys of a designed schema, now that the rows are in: with their ledger rows in
 *  one transaction a group, so a kill at any point goes on where it stopped. The catalog itself says what is there already.
 *  @returns the statements that were run; none where the system's own DDL made the schema @throws CutoverError constraint_refused | attempt_lost */
export async function buildConstraints(client: pg.Client, input: BuildInput): Promise<string[]> {
  const design = await readDesign(client, input.place, input.designDigest);
  if (!design) return [];
  const there = await readTarget(client, input.place);
  const waiting = design.after.filter((statement) => !isBuilt(statement, there));
  if (!waiting.length) return [];
  const groups = buildGroups(waiting, await tableBytes(client, input.place));
  const aside = groups.alone.flatMap(([first]) => first?.table ?? []);
  await buildAside(client, input, groups.alone);
  await buildAll(client, input, groups.together);
  const built = new Set(aside);
  const rest = there.tables.filter(({ schema, name }) => schema === input.place.schema && !built.has(name));
  await analyze(
    client,
    input.place,
    rest.map(({ name }) => name),
  );
  return waiting.map(({ sql }) => sql);
}

/** Two sessions at once: the server has more than one core, and each waits for its own table only. */
async function buildAside(client: pg.Client, input: BuildInput, groups: AfterStatement[][]): Promise<void> {
  const { place, signal } = input;
  const work = (session: pg.Client) =>
    buildAll(session, input, groups, ([first]) => analyze(session, place, first ? [first.table] : []));
  if (groups.length < 2) return work(client);
  const ended = await Promise.allSettled([work(client), withTarget(place.dsn, work, { signal })]);
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

/** The planner knows nothing of freshly copied rows; the row diff and the application come next. */
async function analyze(client: pg.Client, { schema }: TargetPlace, tables: readonly string[]): Promise<void> {
  if (tables.length) await client.query(`analyze ${tables.map((name) => quotePath(schema, name)).join(', ')}`);
}

async function tableBytes(client: pg.Client, { schema }: TargetPlace): Promise<Map<string, number>> {
  const rows = await textRows<{ name: string; bytes: string }>(
    client,
    `select c.relname as name, pg_table_size(c.oid) as bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relkind = 'r'`,
    [schema],
  );
  return new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]));
}

/** Takes group after group off the list until it is empty; what another session of ours has taken is gone from it. */
async function buildAll(
  client: pg.Client,
  input: BuildInput,
  groups: AfterStatement[][],
  afterwards: (group: AfterStatement[]) => Promise<void> = async () => undefined,
): Promise<void> {
  for (let group = groups.shift(); group; group = groups.shift()) {
    await input.failpoint?.('import:before-constraint');
    input.signal.throwIfAborted();
    try {
      await buildGroup(client, input, group);
      await afterwards(group);
    } catch (thrown) {
      groups.length = 0;
      throw thrown;
    }
    for (const { kind, name, table } of group) input.log?.('info', `${kind} ${name} of ${table} built`);
  }
}

async function buildGroup(client: pg.Client, input: BuildInput, group: readonly AfterStatement[]): Promise<void> {
  const { cutoverId, epoch, place } = input;
  await inTransaction(client, async () => {
    await holdEpoch(client, cutoverId, epoch);
    await buildEach(client, group);
    await client.query(
      `insert into ${ledgerOf(client)}.built (schema_name, kind, table_name, name, sql)
      select $1, kind, of_table, name, sql from json_to_recordset($2) built(kind text, of_table text, name text, sql text)
      on conflict (schema_name, kind, table_name, name) do update set sql = excluded.sql, built_at = clock_timestamp()`,
      [place.schema, JSON.stringify(group.map(({ kind, table, name, sql }) => ({ kind, of_table: table, name, sql })))],
    );
    await input.failpoint?.('import:after-constraint');
  });
}

/** All in one round trip; if that fails, one by one, to say which it was. */
async function buildEach(client: pg.Client, group: readonly AfterStatement[]): Promise<void> {
  if (group.length > 1) {
    await client.query('savepoint cutover_group');
    try {
      return await runTogether(
        client,
        group.map(({ sql }) => sql),
      );
    } catch {
      await client.query('rollback to savepoint cutover_group');
    }
  }
  for (const statement of group) await buildOne(client, statement);
}

async function buildOne(client: pg.Client, { kind, table, name, sql }: AfterStatement): Promise<void> {
  try {
    await client.query(sql);
  } catch (thrown) {
    const state = sqlState(thrown);
    if (!/^(22|23|42|54)/.test(state)) throw thrown;
    // The server's DETAIL names the key that collides.
    const { detail } = thrown as { detail?: string };
    throw new CutoverError(
      {
        code: 'constraint_refused',
        message: `The ${kind} ${name} of ${table} could not be built: ${(thrown as Error).message}${detail ? `: ${detail.replace(/\.$/, '')}` : ''}.`,
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
