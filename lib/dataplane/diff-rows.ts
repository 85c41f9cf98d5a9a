import { createHash } from 'node:crypto';
import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { withSqliteAsync, type SqliteFile } from '@/lib/sources/sqlite-file';
import { batchOrder, type RowOrder } from '@/lib/sources/sqlite-sql';
import { inTransaction, withTarget } from './connect-target';
import { hashTables } from './diff-hash';
import { mergeTables } from './diff-merge';
import { type DiffSink, SampleSink, type TableResult } from './diff-sink';
import { EncodedReader } from './encoded-reader';
import { openPlan, type OpenPlan } from './open-plan';
import { loadProgress } from './progress';
import { isOrderable, OrderBroken } from './row-key';
import { SourceCursor } from './source-cursor';
import { type MappedTable, mappedReader, mappedTables } from './source-readers';
import type { DiffInput, DiffReport } from './types';

/** One snapshot of the target for all tables; nothing is written. */
export const readingTransaction = 'begin isolation level repeatable read read only';

/** Compares every row and column of both sides, by exact bytes after the chosen rules. Counts are exact; memory does not grow with the size.
 *  @throws CutoverError finding_open | schema_missing | source_* | target_* */
export async function diffRows(input: DiffInput): Promise<DiffReport> {
  const sink = new SampleSink(Math.min(50, input.sampleRows ?? 50));
  const { report } = await withSqliteAsync(input.source, (file) =>
    withTarget(
      input.place.dsn,
      (client) =>
        inTransaction(
          client,
          async () => {
            const open = await openPlan(client, file, input.scope, input.place, input.rules);
            return diffOpen(client, file, withComputed(open), input, sink);
          },
          readingTransaction,
        ),
      { signal: input.signal },
    ),
  );
  return { ...report, sample: sink.sample };
}

/** Columns that both sides compute are compared too; a repair leaves them to the target. */
const withComputed = (open: OpenPlan): OpenPlan => ({
  ...open,
  plan: {
    ...open.plan,
    tables: open.plan.tables.map((one) => ({ ...one, columns: [...one.columns, ...(one.computed ?? [])] })),
  },
});

/** The same over what is already open; every difference goes to the sink. */
export async function diffOpen(
  client: pg.Client,
  file: SqliteFile,
  open: OpenPlan,
  input: DiffInput,
  sink: DiffSink,
): Promise<{ report: Omit<DiffReport, 'sample'> }> {
  const started = performance.now();
  const chosen = chooseTables(open, input.tables);
  const tables = mappedTables(file, chosen).map((one) => ({ ...one, rows: mappedReader(file, one).count() }));
  const progress = loadProgress(
    tables.map(({ mapping, rows }) => ({ name: mapping.source, total: Number(rows) })),
    input.progress,
  );
  const results: { table: string; result: TableResult }[] = [];
  for (const one of tables) {
    const { source } = one.mapping;
    progress.begin(source);
    await input.failpoint?.(`diff:${source}`);
    const result = await diffTable(client, file, one, input, sink, (rows) => {
      progress.add(source, rows);
      input.signal.throwIfAborted();
    });
    if (result.rows !== one.rows)
      throw new CutoverError({
        code: 'source_changed',
        message: `${source} gave ${result.rows} rows where ${one.rows} were counted.`,
        advice: 'Run the row diff again; if it repeats, check the file with integrity_check.',
        retry: 'now',
      });
    progress.end(source);
    results.push({ table: source, result });
  }
  return { report: summarise(results, notCompared(open, chosen.length), input.holdsAt, performance.now() - started) };
}

function chooseTables({ plan }: OpenPlan, names: readonly string[] | undefined) {
  if (!names) return plan.tables;
  const unknown = names.find((name) => !plan.tables.some(({ source }) => source === name));
  if (unknown !== undefined)
    throw new CutoverError({
      code: 'input_invalid',
      message: `${unknown} is no table of the plan.`,
      advice: `Choose among ${plan.tables.map(({ source }) => source).join(', ')}.`,
    });
  return plan.tables.filter(({ source }) => names.includes(source));
}

const notCompared = ({ plan }: OpenPlan, chosen: number): string[] =>
  chosen === plan.tables.length
    ? plan.notMoved
    : [...plan.notMoved, `${plan.tables.length - chosen} tables that were not asked for`];

async function diffTable(
  client: pg.Client,
  file: SqliteFile,
  one: MappedTable & { rows: bigint },
  input: DiffInput,
  sink: DiffSink,
  onRows: (rows: number) => void,
): Promise<TableResult> {
  const { mapping, table } = one;
  const cursor = (order: RowOrder) => () =>
    new SourceCursor(new EncodedReader(file, one, input.rules, () => undefined, order));
  await sink.begin(mapping);
  if (isOrderable(mapping))
    try {
      return await mergeTables(client, mapping, cursor({ by: 'key', columns: mapping.key }), sink, onRows);
    } catch (thrown) {
      if (!(thrown instanceof OrderBroken)) throw thrown;
      await sink.begin(mapping);
      return hashTables(client, mapping, cursor(batchOrder(table)), sink, () => input.signal.throwIfAborted());
    }
  return hashTables(client, mapping, cursor(batchOrder(table)), sink, onRows);
}

const sum = (results: { result: TableResult }[], member: 'equal' | 'differing' | 'missing' | 'extra'): string =>
  results.reduce((total, { result }) => total + result[member], 0n).toString();

function summarise(
  results: { table: string; result: TableResult }[],
  left: string[],
  holdsAt: string,
  ms: number,
): Omit<DiffReport, 'sample'> {
  const digest = createHash('sha256');
  for (const { table, result } of results) digest.update(`${table}\0${result.digest}\n`);
  return {
    equal: sum(results, 'equal'),
    differing: sum(results, 'differing'),
    missing: sum(results, 'missing'),
    extra: sum(results, 'extra'),
    notCompared: left,
    holdsAt,
    digest: digest.digest('hex'),
    durationMs: Math.round(ms),
    tables: results.map(({ table, result }) => ({
      table,
      rows: result.rows.toString(),
      equal: result.equal.toString(),
      differing: result.differing.toString(),
      missing: result.missing.toString(),
      extra: result.extra.toString(),
      rangeDigests: result.rangeDigests,
    })),
  };
}

/** Rows a rollback would drop: written, changed or deleted on the target since. */
export const lossOf = ({ differing, missing, extra }: { differing: string; missing: string; extra: string }): string =>
  (BigInt(differing) + BigInt(missing) + BigInt(extra)).toString();
