import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { quotePath } from '@/lib/sources/quote';
import { inTransaction, runTogether, textRows } from './connect-target';
import { holdEpoch } from './ledger';
import { ledgerOf } from './ledger-schema';
import { sqlState } from './target-errors';
import type { AfterStatement } from './target-ddl/design-types';
import type { ImportInput, TargetPlace } from './types';

export type BuildInput = Pick<
  ImportInput,
  'place' | 'cutoverId' | 'epoch' | 'signal' | 'log' | 'failpoint' | 'designDigest' | 'maxRowsPerSecond'
>;

/** Builds one group and its ledger rows in one transaction. @throws CutoverError constraint_refused | attempt_lost */
export async function buildGroup(
  client: pg.Client,
  input: BuildInput,
  group: readonly AfterStatement[],
): Promise<void> {
  const { cutoverId, epoch, place } = input;
  await input.failpoint?.('import:before-constraint');
  input.signal.throwIfAborted();
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
  for (const { kind, name, table } of group) input.log?.('info', `${kind} ${name} of ${table} built`);
}

/** The planner knows nothing of freshly copied rows, and the row diff comes next. Of the columns of keys and indexes it is told enough at
 *  once to read in their order; autovacuum, for which a column list leaves a table due, tells it all within its minute. Where autovacuum
 *  does not run or does not count these rows, all is told here. Source: "The Autovacuum Daemon", PostgreSQL 15. */
export async function analyze(client: pg.Client, { schema }: TargetPlace, tables: readonly string[]): Promise<void> {
  if (!tables.length) return;
  const known = await textRows<{ name: string; columns: string; later: string }>(client, keyColumnsSql, [
    schema,
    tables,
  ]);
  if (known[0]?.later === 't') {
    const keys = known.map(({ name, columns }) => `${quotePath(schema, name)} (${columns})`);
    await client.query(`set local default_statistics_target = ${roughTarget}; analyze ${keys.join(', ')}`);
  } else await client.query(`analyze ${tables.map((name) => quotePath(schema, name)).join(', ')}`);
}

/** 300 rows are looked at for each of these; a tenth of what a server does by default. */
const roughTarget = 10;
const keyColumnsSql = `select c.relname as name, string_agg(distinct quote_ident(a.attname), ', ') as columns,
  current_setting('autovacuum')::bool and current_setting('track_counts')::bool as later
from pg_index i join pg_class c on c.oid = i.indrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
where c.relnamespace = to_regnamespace(quote_ident($1)) and c.relname = any ($2) group by c.relname`;

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
