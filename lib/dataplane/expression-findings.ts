import type pg from 'pg';
import { quoteIdent, quoteList } from '@/lib/sources/quote';
import type { Cell } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { closingOf, commaParts, isMark, isWord, textOf, tokens } from '@/lib/sources/sqlite-tokens';
import { textRows } from './connect-target';
import { copyRows } from './copy-in';
import { encodeFitting, fittingEncoders } from './encode-fitting';
import { finding } from './findings';
import { targetTableOf } from './may-alter';
import { rolledBack } from './rolled-back';
import { RowBuffer } from './row-buffer';
import { keyText } from './sample-text';
import { breathe, type MappedTable, mappedReader, mappedTables } from './source-readers';
import type { ChosenRules, Finding, TablePlan, TargetSchema, TargetTable } from './types';

/** A check or an index that calculates; `fails`: SQL that is true, or an error, for a row which it would refuse. */
type Calculating = { code: 'check_broken' | 'index_fails'; name: string; fails: string };
type Input = { plan: TablePlan; target: TargetSchema; signal: AbortSignal; rules: ChosenRules };

const mostSamples = 5;
const table = 'pg_temp.cutover_expressions';
/** No column bears this name or that of the row’s number. */
const alias = '"cutover own row"';

/**
 * Checks and indexes of the target that calculate, tried by the server over the source’s rows in a temporary table that is rolled back:
 * SQLite turns to reals where PostgreSQL overflows, and yields NULL where it fails, which would be known only when all rows are in.
 */
export async function expressionFindings(client: pg.Client, file: SqliteFile, input: Input): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const one of mappedTables(file, input.plan.tables)) {
    const goal = targetTableOf(one.mapping, input.target);
    const loaded = new Set(one.mapping.columns.map(({ target }) => target));
    // What also reads a column that is not loaded cannot be known beforehand.
    const others = (goal?.columns ?? []).filter(({ name }) => !loaded.has(name));
    const known = ({ fails }: Calculating) => !others.some(({ name }) => fails.includes(name));
    const tried = goal ? calculating(goal).filter(known) : [];
    if (tried.length) findings.push(...(await tryOver(client, file, one, tried, input)));
  }
  return findings;
}

function calculating({ checks, indexes }: TargetTable): Calculating[] {
  const tried = [
    ...checks.map(({ name, definition }): Calculating | null => {
      const list = tokens(definition);
      const condition = isMark(list[1], '(') ? textOf(definition, list.slice(1, closingOf(list, 1) + 1)) : null;
      return condition === null ? null : { code: 'check_broken', name, fails: `not coalesce(${condition}, true)` };
    }),
    ...indexes.map(({ name, definition }): Calculating | null => {
      const fails = indexFails(definition);
      return fails === null ? null : { code: 'index_fails', name, fails };
    }),
  ];
  return tried.filter((one): one is Calculating => one !== null && calculates(one.fails));
}

/** The server writes each operator between spaces; a text constant that looks like one costs a trial and no more. */
const calculates = (sql: string): boolean => /(?:\s[-+*/%^]\s|\(- )/.test(sql);

/** What an index computes of a row, as a condition that is never true; null where it computes nothing. */
function indexFails(definition: string): string | null {
  const list = tokens(definition);
  const open = list.findIndex((token) => isWord(token, 'USING')) + 2;
  if (open < 2 || !isMark(list[open], '(')) return null;
  const close = closingOf(list, open);
  const terms = commaParts(list, open + 1, close).flatMap((term) =>
    isMark(term[0], '(') ? textOf(definition, term.slice(0, closingOf(term, 0) + 1)) : [],
  );
  const where = isWord(list[close + 1], 'WHERE') ? definition.slice(list[close + 2]?.start) : null;
  const computed = terms.length ? `num_nulls(${terms.join(', ')}) < 0` : 'false';
  return where === null && !terms.length ? null : `case when ${where ?? 'true'} then ${computed} else false end`;
}

async function tryOver(
  client: pg.Client,
  file: SqliteFile,
  { mapping, table: source }: MappedTable,
  tried: readonly Calculating[],
  { target, signal, rules }: Input,
): Promise<Finding[]> {
  // A name that occurs in one may be more than is read: it costs a column.
  const base = mapping.columns.filter((column) => tried.some(({ fails }) => fails.includes(column.target)));
  const keys = mapping.columns.filter((column) => mapping.key.includes(column.source) && !base.includes(column));
  const whole = { ...mapping, columns: [...base, ...keys] };
  if (!base.length) return [];
  const encoders = fittingEncoders(mapping.source, base, rules);
  const notes = tried.map(() => ({ count: 0n, sample: [] as Finding['sample'] }));
  await rolledBack(client, async () => {
    await makeTrial(client, base, tried);
    const reader = mappedReader(file, { mapping: whole, table: source });
    const out = new RowBuffer();
    for (let page = reader.read(null); page; page = reader.read(page.lastKey)) {
      out.clear();
      for (const row of page.rows) encodeFitting(row, encoders, out);
      for (const { row, at } of await refusedRows(
        client,
        quoteList(base.map((one) => one.target)),
        out.view(),
        tried,
      )) {
        const one = notes[at] as (typeof notes)[number];
        one.count += 1n;
        if (one.sample.length < mostSamples)
          one.sample.push({ key: keyText(whole, source, page.rows[row] as Cell[]), value: '' });
      }
      await breathe();
      signal.throwIfAborted();
    }
  });
  return tried.flatMap(({ code, name }, i) => {
    const { count, sample } = notes[i] as (typeof notes)[number];
    if (!count) return [];
    const what = code === 'check_broken' ? 'check' : 'index';
    return [
      finding({
        code,
        table: mapping.source,
        column: name,
        count,
        sample,
        rules: !target.designed ? [] : code === 'check_broken' ? ['not-valid'] : ['leave-out-index'],
        message: `${count} rows of ${mapping.source} would be refused by the ${what} ${name}, which calculates: ${code === 'check_broken' ? 'it does not hold for them, or ' : ''}the calculation fails in PostgreSQL, as where it leaves the range of its type.`,
      }),
    ];
  });
}

async function makeTrial(
  client: pg.Client,
  base: TablePlan['tables'][number]['columns'],
  tried: readonly Calculating[],
) {
  const lines = base.map(({ target, type }) => `${quoteIdent(target)} ${type.typeText}`);
  await client.query(
    `create temporary table cutover_expressions ("cutover row" bigint generated always as identity, ${lines.join(', ')}) on commit drop`,
  );
  for (const [i, { fails }] of tried.entries())
    await client.query(
      `create function pg_temp.cutover_fails_${i}(${table}) returns boolean language plpgsql as $cutover$
      begin return (select ${fails} from (select ($1).*) ${alias}); exception when others then return true; end $cutover$`,
    );
}

async function refusedRows(client: pg.Client, columns: string, rows: Buffer, tried: readonly Calculating[]) {
  await client.query(`truncate ${table} restart identity`);
  await copyRows(client, `copy ${table} (${columns}) from stdin with (format binary)`, [rows]);
  const ask = async (fails: readonly string[]) => {
    const found = await textRows<{ row: string; fails: string }>(
      client,
      `select ("cutover row" - 1)::text as row, to_json(array[${fails.join(', ')}])::text as fails
      from ${table} ${alias} where ${fails.join(' or ')} order by "cutover row"`,
    );
    return found.flatMap(({ row, fails: list }) =>
      (JSON.parse(list) as boolean[]).flatMap((yes, at) => (yes ? [{ row: Number(row), at }] : [])),
    );
  };
  await client.query('savepoint cutover_expressions');
  try {
    const found = await ask(tried.map(({ fails }) => `(${fails})`));
    await client.query('release savepoint cutover_expressions');
    return found;
  } catch {
    // One row’s error fails the whole question: each is asked for by itself.
    await client.query('rollback to savepoint cutover_expressions');
    return ask(tried.map((_, i) => `pg_temp.cutover_fails_${i}(${alias})`));
  }
}
