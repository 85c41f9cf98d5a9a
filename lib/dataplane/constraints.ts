import type pg from 'pg';
import { quoteIdent, quotePath } from '@/lib/sources/quote';
import { BuildAside } from './build-aside';
import { buildGroups } from './build-groups';
import { analyze, buildGroup, type BuildInput } from './build-keys';
import { isBuilt } from './compare-design';
import { inTransaction, runTogether, textRows } from './connect-target';
import { readDesign } from './design-store';
import { holdEpoch } from './ledger';
import { ledgerOf } from './ledger-schema';
import { readTarget } from './read-target';
import type { AfterStatement } from './target-ddl/design-types';
import type { TableMapping } from './types';

/** While a row is loaded, one process builds the keys of at most so many (measured by `npm run bench`). */
const loadPerBuild = 2;

/** Builds keys, checks, defaults, indexes and foreign keys of a designed schema: those of a large table beside the load as soon as its
 *  rows are in, the rest when all are; with their ledger rows in one transaction a group, so a kill at any point goes on where it
 *  stopped. The catalog itself says what is there already. */
export class Construction {
  private left: AfterStatement[];
  private readonly aside: BuildAside;
  private rowsOf: (one: TableMapping) => number = () => 0;
  private rowsToCome = 0;

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
    this.rowsOf = rowsOf;
    this.rowsToCome = tables.reduce((sum, one) => sum + rowsOf(one), 0);
    return this.waiting.length ? [...tables].sort((a, b) => rowsOf(b) - rowsOf(a)) : [...tables];
  }

  /** All rows of a table are committed. A load with a brake is not to be felt more than it says, so its keys wait; so do those that
   *  would take longer than the rest of the load, since all processes of the server may build them once it is over. */
  loaded(mapping: TableMapping, bytes: number): void {
    const { schema, table } = mapping.target;
    this.rowsToCome -= this.rowsOf(mapping);
    if (schema !== this.input.place.schema || this.input.maxRowsPerSecond) return;
    if (this.rowsToCome * loadPerBuild < this.rowsOf(mapping)) return;
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
    const groups = buildGroups(this.left, await this.bytesOfLeft(client));
    await this.aside.finish(client, groups.alone);
    for (const group of groups.together) await buildGroup(client, this.input, group);
    await analyze(
      client,
      place,
      this.tables.filter((name) => !this.aside.analyzed.has(name)),
    );
    return this.waiting.map(({ sql }) => sql);
  }

  /** Of no other table: one whose key is being built is locked until it is there. */
  private async bytesOfLeft(client: pg.Client): Promise<Map<string, number>> {
    const rows = await textRows<{ name: string; bytes: string }>(
      client,
      `select c.relname as name, pg_table_size(c.oid) as bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relkind = 'r' and c.relname = any ($2)`,
      [this.input.place.schema, this.left.map(({ table }) => table)],
    );
    return new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]));
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
