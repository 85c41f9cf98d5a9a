import type pg from 'pg';
import { quoteIdent, quotePath } from '@/lib/sources/quote';
import { BuildAside } from './build-aside';
import { buildGroups } from './build-groups';
import { analyze, buildGroup, type BuildInput } from './build-keys';
import { compareTargets } from './compare-targets';
import { inTransaction, runTogether, textRows } from './connect-target';
import { readDesign, type StoredDesign, withoutWaiting } from './design-store';
import { holdEpoch } from './ledger';
import { ledgerOf } from './ledger-schema';
import { readTarget } from './read-target';
import type { AfterStatement } from './target-ddl/design-types';
import type { TableMapping, TablePlan, TargetPlace, TargetSchema } from './types';

/** Builds keys, checks, defaults, indexes and foreign keys of a designed schema: those of a large table beside the load as soon as its
 *  rows are in, the rest when all are; with their ledger rows in one transaction a group, so a kill at any point goes on where it
 *  stopped. The catalog itself says what is there already. */
export class Construction {
  private left: AfterStatement[];
  private readonly aside: BuildAside;

  private constructor(
    private readonly input: BuildInput,
    private readonly waiting: readonly AfterStatement[],
    private readonly tables: readonly string[] = [],
  ) {
    this.left = [...waiting];
    this.aside = new BuildAside(input);
  }

  /** Nothing waits where the system's own DDL made the schema. @throws CutoverError design_changed */
  static async open(client: pg.Client, input: BuildInput): Promise<Construction> {
    const design = await readDesign(client, input.place, input.designDigest);
    if (!design) return new Construction(input, []);
    const there = await readTarget(client, input.place);
    const own = there.tables.filter(({ schema }) => schema === input.place.schema).map(({ name }) => name);
    const waiting = design.after.filter((statement) => !isBuilt(statement, there));
    return new Construction(input, waiting, own);
  }

  /** The largest tables first, so that little is left to be built when the last one is in; the order given where nothing waits. */
  loadFirst(tables: readonly TableMapping[], rowsOf: (one: TableMapping) => number): TableMapping[] {
    return this.waiting.length ? [...tables].sort((a, b) => rowsOf(b) - rowsOf(a)) : [...tables];
  }

  /** All rows of a table are committed. A load with a brake is not to be felt more than it says, so its keys wait. */
  loaded({ target: { schema, table } }: TableMapping, bytes: number): void {
    if (schema !== this.input.place.schema || this.input.maxRowsPerSecond) return;
    const { alone } = buildGroups(
      this.left.filter((one) => one.table === table),
      new Map([[table, bytes]]),
    );
    for (const group of alone) this.aside.add(group);
    this.left = this.left.filter((one) => !alone.flat().includes(one));
  }

  /** @returns the statements that were run @throws CutoverError constraint_refused | attempt_lost */
  async finish(client: pg.Client): Promise<string[]> {
    const { place } = this.input;
    if (!this.waiting.length) return [];
    const groups = buildGroups(this.left, await tableBytes(client, place));
    await this.aside.finish(client, groups.alone);
    for (const group of groups.together) await buildGroup(client, this.input, group);
    await analyze(
      client,
      place,
      this.tables.filter((name) => !this.aside.analyzed.has(name)),
    );
    return this.waiting.map(({ sql }) => sql);
  }

  /** What is being built meanwhile is broken off. */
  stop = (): Promise<void> => this.aside.stop();

  /** What was built beside a load that is taken back goes too, so that the target is as it was. Call it once the tables are empty. */
  async takeBack(client: pg.Client): Promise<void> {
    const { place, cutoverId, epoch } = this.input;
    const there = await readTarget(client, place);
    const built = this.waiting.filter((statement) => isBuilt(statement, there));
    if (!built.length) return;
    await inTransaction(client, async () => {
      await holdEpoch(client, cutoverId, epoch);
      await runTogether(
        client,
        built.map((statement) => dropSql(place.schema, statement)),
      );
      await client.query(
        `delete from ${ledgerOf(client)}.built using json_to_recordset($2) gone(kind text, of_table text, name text)
        where schema_name = $1 and built.kind = gone.kind and table_name = of_table and built.name = gone.name`,
        [place.schema, JSON.stringify(built.map(({ kind, table, name }) => ({ kind, of_table: table, name })))],
      );
    });
  }
}

/** Of a key or an index: nothing else is built beside a load. */
const dropSql = (schema: string, { table, name, sql }: AfterStatement): string =>
  /^\s*alter table/i.test(sql)
    ? `alter table ${quotePath(schema, table)} drop constraint ${quoteIdent(name)}`
    : `drop index ${quotePath(schema, name)}`;

async function tableBytes(client: pg.Client, { schema }: TargetPlace): Promise<Map<string, number>> {
  const rows = await textRows<{ name: string; bytes: string }>(
    client,
    `select c.relname as name, pg_table_size(c.oid) as bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relkind = 'r'`,
    [schema],
  );
  return new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]));
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
