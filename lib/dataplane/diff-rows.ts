import { createHash } from 'node:crypto';
import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import type { DifferingRow } from '@/lib/shared/evidence';
import { withSqliteAsync, type SqliteFile } from '@/lib/sources/sqlite-file';
import { batchOrder, type RowOrder } from '@/lib/sources/sqlite-sql';
import { compareCatalog } from './compare-catalog';
import { inTransaction, withTarget } from './connect-target';
import { hashTables } from './diff-hash';
import { type MergeStart, mergeTables, type Settled } from './diff-merge';
import { type DiffSink, SampleSink, type TableResult } from './diff-sink';
import { diffBinding, DiffProgress } from './diff-state';
import { EncodedReader } from './encoded-reader';
import { openPlan, type OpenPlan } from './open-plan';
import { onlyReadable } from './readable-tables';
import { loadProgress } from './progress';
import { isOrderable, OrderBroken } from './row-key';
import { type SettledRanges, SourceCursor } from './source-cursor';
import { type MappedTable, mappedReader, mappedTables, textToKey } from './source-readers';
import { mappingName, behindKeySql } from './target-sql';
import type { DiffInput, DiffReport, TableMapping } from './types';

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
            const all = await openPlan(client, file, input.scope, input.place, input.rules, false);
            const open = await onlyReadable(client, all);
            const whole = withComputed(open);
            const boundTo = input.memory ? await diffBinding(client, file, whole, input) : '';
            const settled = await DiffProgress.open(input.memory, boundTo);
            sink.sample = [...settled.sample];
            const catalog = await compareCatalog(client, input.place, all, input.rules);
            const { report: found } = await diffOpen(client, file, whole, input, sink, {
              settled,
              sample: () => sink.sample,
            });
            await settled.forget();
            const left = [...found.notCompared, ...(catalog?.strayRows ?? [])];
            return {
              report: {
                ...found,
                notCompared: left,
                ...(catalog ? { catalog: { differences: catalog.differences, reviewed: catalog.reviewed } } : {}),
              },
            };
          },
          readingTransaction,
        ),
      { signal: input.signal, reading: true },
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
  kept?: Kept,
): Promise<{ report: Omit<DiffReport, 'sample'> }> {
  const started = performance.now();
  const chosen = chooseTables(open, input.tables);
  const tables = mappedTables(file, chosen).map((one) => ({ ...one, rows: mappedReader(file, one).count() }));
  const progress = loadProgress(
    tables.map(({ mapping, rows }) => ({ name: mappingName(mapping), total: Number(rows) })),
    input.progress,
  );
  const results: { table: string; result: TableResult }[] = [];
  for (const one of tables) {
    const source = mappingName(one.mapping);
    progress.begin(source);
    await input.failpoint?.(`diff:${source}`);
    const onRows = (rows: number) => {
      progress.add(source, rows);
      input.signal.throwIfAborted();
    };
    const known = kept?.settled.finished(one.mapping);
    const result = known ?? (await diffTable(client, file, one, input, sink, onRows, kept));
    if (known) onRows(Number(known.rows));
    if (!known) await kept?.settled.finish(one.mapping, result, kept.sample());
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

/** What an interrupted run has settled, and the sample that belongs to it. */
type Kept = { settled: DiffProgress; sample: () => readonly DifferingRow[] };

async function diffTable(
  client: pg.Client,
  file: SqliteFile,
  one: MappedTable & { rows: bigint },
  input: DiffInput,
  sink: DiffSink,
  onRows: (rows: number) => void,
  kept?: Kept,
): Promise<TableResult> {
  const { mapping, table } = one;
  const cursor = (order: RowOrder, from: SettledRanges | null = null) =>
    new SourceCursor(new EncodedReader(file, one, input.rules, () => undefined, order, true), from);
  const byHash = (told: (rows: number) => void) =>
    hashTables(client, mapping, () => cursor(batchOrder(table)), sink, told);
  const start = isOrderable(mapping) && !input.rules.length ? startOf(mapping, kept) : null;
  if (!start) await sink.begin(mapping);
  if (!isOrderable(mapping)) return byHash(onRows);
  let told = 0;
  const tell = (rows: number): void => {
    told += rows;
    onRows(rows);
  };
  try {
    const from = start && { after: textToKey(start.place.after), rows: start.place.rows, ranges: start.place.ranges };
    if (start) tell(start.place.rows);
    const byKey = cursor({ by: 'key', columns: mapping.key }, from);
    const keep = async ({ at, sampled }: Settled) => {
      await kept?.settled.reach(at, sampled);
      await input.failpoint?.('diff:after-range');
    };
    const memory = { sample: kept?.sample ?? (() => []), keep };
    return await mergeTables(client, mapping, byKey, sink, tell, start, memory);
  } catch (thrown) {
    if (!(thrown instanceof OrderBroken)) throw thrown;
    await sink.begin(mapping);
    // It begins anew; what was told of this table already is not told twice.
    let seen = 0;
    return byHash((rows) => {
      seen += rows;
      tell(Math.max(0, seen - told));
    });
  }
}

function startOf(mapping: TableMapping, kept: Kept | undefined): MergeStart | null {
  const place = kept?.settled.placeIn(mapping);
  const targetCondition = place ? behindKeySql(mapping, textToKey(place.after)) : null;
  return place && targetCondition ? { place, targetCondition } : null;
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
