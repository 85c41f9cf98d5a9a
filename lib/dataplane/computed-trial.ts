import type pg from 'pg';
import { quoteIdent, quoteList } from '@/lib/sources/quote';
import { textRows } from './connect-target';
import { copyRows } from './copy-in';
import type { ColumnMapping } from './types';

type Computed = { column: ColumnMapping; expression: string };
/** Number of the row among those given, and of the computed column. */
export type Unlike = { row: number; column: number };

const table = 'pg_temp.cutover_computed';

/** A temporary table of the columns that expressions read, beside the values that they should yield. */
export class ComputedTrial {
  private constructor(
    private readonly client: pg.Client,
    private readonly columns: readonly string[],
    private readonly number: string,
    /** True for a row where the server comes to another value; one for each computed column. */
    private readonly differs: readonly string[],
  ) {}

  static async make(client: pg.Client, base: readonly ColumnMapping[], computed: readonly Computed[]) {
    const taken = new Set(base.map(({ target }) => target));
    const free = (wanted: string): string => (taken.has(wanted) ? free(`${wanted}_`) : wanted);
    const number = free('cutover_row');
    const columns = [...base.map(({ target }) => target), ...computed.map((_, i) => free(`cutover_${i}`))];
    const types = [...base, ...computed.map(({ column }) => column)].map(({ type }) => type.typeText);
    const lines = columns.map((name, i) => `${quoteIdent(name)} ${types[i]}`);
    await client.query(
      `create temporary table cutover_computed (${quoteIdent(number)} bigint generated always as identity, ${lines.join(', ')}) on commit drop`,
    );
    const bytesOf = await sendFunctions(client, computed);
    const differs = computed.map(({ column, expression }, i) => {
      const was = quoteIdent(columns[base.length + i] as string);
      return `${bytesOf[i]}((${expression})::${column.type.typeText}) is distinct from ${bytesOf[i]}(${was})`;
    });
    const trial = new ComputedTrial(client, columns, number, differs);
    await trial.makeCareful();
    return trial;
  }

  /** The same for one row, where an error is a difference too. A column of that name is found before the argument. */
  private async makeCareful(): Promise<void> {
    for (const [i, differs] of this.differs.entries())
      await this.client.query(
        `create function pg_temp.cutover_differs_${i}(${table}) returns boolean language plpgsql as $cutover$
        begin return (select ${differs} from (select ($1).*) own); exception when others then return true; end $cutover$`,
      );
  }

  /** Rows in the binary COPY layout: the base columns, then the values as the source computes them. */
  async unlike(rows: Buffer): Promise<Unlike[]> {
    const { client } = this;
    await client.query(`truncate ${table} restart identity`);
    await copyRows(client, `copy ${table} (${quoteList(this.columns)}) from stdin with (format binary)`, [rows]);
    await client.query('savepoint cutover_computed');
    try {
      const found = await this.ask(this.differs);
      await client.query('release savepoint cutover_computed');
      return found;
    } catch {
      // An overflow in one row fails the whole question: each is asked for by itself.
      await client.query('rollback to savepoint cutover_computed');
      return this.ask(this.differs.map((_, i) => `pg_temp.cutover_differs_${i}(own)`));
    }
  }

  private async ask(differs: readonly string[]): Promise<Unlike[]> {
    const found = await textRows<{ row: string; columns: string }>(
      this.client,
      `select (${quoteIdent(this.number)} - 1)::text as row, to_json(array[${differs.join(', ')}])::text as columns
      from ${table} own where ${differs.join(' or ')} order by ${quoteIdent(this.number)}`,
    );
    return found.flatMap(({ row, columns }) =>
      (JSON.parse(columns) as boolean[]).flatMap((differ, column) => (differ ? [{ row: Number(row), column }] : [])),
    );
  }
}

/** What yields the exact bytes of each type, which are what the row diff compares; jsonb and types of an extension go by their value. */
async function sendFunctions(client: pg.Client, computed: readonly Computed[]): Promise<string[]> {
  const rows = await textRows<{ name: string; send: string }>(
    client,
    `select typname as name, typsend::text as send from pg_type
    where typnamespace = 'pg_catalog'::regnamespace and typsend <> 0 and typname <> 'jsonb'`,
  );
  return computed.map(({ column }) => rows.find(({ name }) => name === column.type.type)?.send ?? '');
}
