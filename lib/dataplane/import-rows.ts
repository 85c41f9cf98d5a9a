import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { formatCount } from '@/lib/shared/format';
import type { Cell } from '@/lib/sources/source';
import { withSqliteAsync, type SqliteFile } from '@/lib/sources/sqlite-file';
import { clearLoad } from './clear-import';
import { inTransaction, textRows, withTarget } from './connect-target';
import { copyBatch } from './copy-batch';
import { rowEncoder } from './encode-row';
import { openFindings } from './findings';
import { claimLoad, explainedRows, holdEpoch, type LedgerBatch, makeLedger, readBatches } from './ledger';
import { openPlan, refuseOpen, type OpenPlan } from './open-plan';
import { keyText, profileOpenFile, sampleText } from './profile-values';
import { loadProgress } from './progress';
import { RowBuffer } from './row-buffer';
import { setMappedSequences } from './sequences';
import { breathe, keyToText, type MappedTable, mappedReader, mappedTables, textToKey } from './source-readers';
import { alterSql, targetCountSql, targetPath } from './target-sql';
import type { ImportInput, ImportReport } from './types';

const batchBytesMost = 16 * 1024 * 1024;

/** Copies the profile's rows, batch by batch. Safe to repeat and to kill: it goes on after the last committed batch of the ledger.
 *  @throws CutoverError finding_open | target_not_empty | batch_failed | attempt_lost | source_* | target_* */
export async function importRows(input: ImportInput): Promise<ImportReport> {
  const started = performance.now();
  return withSqliteAsync(input.source, (file) =>
    withTarget(
      input.place.dsn,
      async (client) => {
        const { plan, target } = await openPlan(client, file, input.scope, input.place, input.rules);
        refuseOpen(openFindings(await profileOpenFile(file, { plan, target, signal: input.signal }), input.rules));
        const before = await prepareLoad(client, input, plan);
        const altered = await alterTarget(client, input, { plan, target });
        const tables = mappedTables(file, plan.tables);
        const progress = loadProgress(
          tables.map((one) => ({ name: one.mapping.source, total: Number(mappedReader(file, one).count()) })),
          input.progress,
        );
        const load = new TableLoad(client, file, input, progress);
        for (const one of tables) {
          const key =
            target.tables.find(
              ({ schema, name }) => schema === one.mapping.target.schema && name === one.mapping.target.table,
            )?.primaryKey ?? [];
          await load.table(
            one,
            before.filter((batch) => batch.target === targetPath(one.mapping)),
            key,
          );
        }
        const sequences = await setMappedSequences(client, file, plan.tables, true);
        return report(
          client,
          input,
          plan,
          { before, written: load.rowsThisRun },
          altered,
          sequences,
          performance.now() - started,
        );
      },
      { signal: input.signal },
    ),
  );
}

async function report(
  client: pg.Client,
  input: ImportInput,
  plan: OpenPlan['plan'],
  run: { before: readonly LedgerBatch[]; written: number },
  altered: string[],
  sequences: ImportReport['sequences'],
  ms: number,
): Promise<ImportReport> {
  const batches = (await readBatches(client, input.cutoverId)).filter(({ batchNo }) => batchNo > 0);
  const tables = plan.tables.map((mapping) => {
    const own = batches.filter(({ target }) => target === targetPath(mapping));
    return {
      table: mapping.source,
      rows: explainedRows(own, targetPath(mapping)).toString(),
      batches: own.length,
      digest: own.at(-1)?.sha256 ?? '',
    };
  });
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0n);
  return {
    rows: rows.toString(),
    batches: batches.length - run.before.length,
    resumedBatches: run.before.length,
    keptRows: run.before.reduce((sum, batch) => sum + batch.rows, 0n).toString(),
    writtenRows: String(run.written),
    durationMs: Math.round(ms),
    altered,
    tables,
    sequences,
  };
}

/** Claims the load; what an earlier snapshot loaded is taken away first; rows that the ledger does not explain stop the import. */
async function prepareLoad(client: pg.Client, input: ImportInput, plan: OpenPlan['plan']): Promise<LedgerBatch[]> {
  await makeLedger(client);
  const { cutoverId, epoch, place, sourceDigest } = input;
  const load = await claimLoad(client, {
    cutoverId,
    epoch,
    sourceId: place.sourceId,
    schema: place.schema,
    sourceDigest,
  });
  const batches = await readBatches(client, cutoverId);
  for (const mapping of plan.tables.filter(({ shared }) => !shared)) {
    const [there] = await textRows<{ rows: string }>(client, targetCountSql(mapping));
    const explained = explainedRows(batches, targetPath(mapping));
    if (BigInt(there?.rows ?? 0) !== explained)
      throw new CutoverError({
        code: 'target_not_empty',
        message: `${targetPath(mapping)} holds ${there?.rows} rows; the ledger explains ${explained}.`,
        advice: 'Find out who wrote there. Restore the target snapshot, or empty the table, then import again.',
        facts: { table: mapping.target.table, rows: String(there?.rows), explained: explained.toString() },
      });
  }
  if (load.sourceDigest === sourceDigest && !batches.some(({ batchNo }) => batchNo < 0)) return batches;
  input.log?.('note', 'The ledger holds a load from an earlier snapshot; its rows are removed first.');
  await clearLoad(client, { cutoverId, epoch, sourceDigest, mappings: plan.tables });
  return [];
}

async function alterTarget(
  client: pg.Client,
  { cutoverId, epoch, log }: ImportInput,
  { plan, target }: Pick<OpenPlan, 'plan' | 'target'>,
): Promise<string[]> {
  const statements = plan.tables.flatMap((mapping) => alterSql(mapping, target));
  if (statements.length)
    await inTransaction(client, async () => {
      await holdEpoch(client, cutoverId, epoch);
      for (const statement of statements) await client.query(statement);
    });
  for (const statement of statements) log?.('note', statement);
  return statements;
}

class TableLoad {
  rowsThisRun = 0;
  private readonly startedAt = performance.now();

  constructor(
    private readonly client: pg.Client,
    private readonly file: SqliteFile,
    private readonly input: ImportInput,
    private readonly progress: ReturnType<typeof loadProgress>,
  ) {}

  async table(one: MappedTable, done: readonly LedgerBatch[], conflictKey: readonly string[]): Promise<void> {
    const { input } = this;
    const { mapping } = one;
    const reader = mappedReader(this.file, one);
    const encode = rowEncoder(mapping, input.rules);
    const last = done.at(-1);
    let after: Cell[] | null = last?.lastKey ? textToKey(last.lastKey) : null;
    let batchNo = last?.batchNo ?? 0;
    this.progress.begin(mapping.source, Number(explainedRows(done, targetPath(mapping))));
    // Rows that refer to rows of the same table must arrive in one statement: the check comes at its end.
    const most = refersToItself(mapping, one) ? Number.MAX_SAFE_INTEGER : this.batchRows();
    for (;;) {
      const pieces: Buffer[] = [];
      let [rows, bytes] = [0, 0];
      let firstKey: Cell[] | null = null;
      while (rows < most && (bytes < batchBytesMost || most === Number.MAX_SAFE_INTEGER)) {
        const page = reader.read(after, Math.min(1000, most - rows));
        if (!page) break;
        const out = new RowBuffer();
        for (const row of page.rows)
          encode(row, out, (i, misfit, cell) => {
            throw new CutoverError({
              code: 'value_not_storable',
              message: `${mapping.source}.${mapping.columns[i]?.source} of ${keyText(mapping, one.table, row)} does not fit (${misfit}): ${sampleText(cell)}.`,
              advice: 'Run preflight again and choose a rule.',
              facts: { table: mapping.source, misfit },
            });
          });
        firstKey ??= (page.rows[0] as Cell[]).slice(mapping.columns.length);
        after = page.lastKey;
        rows += page.rows.length;
        bytes += out.length;
        pieces.push(out.view());
      }
      if (!rows) break;
      batchNo += 1;
      await input.failpoint?.('import:before-batch');
      input.signal.throwIfAborted();
      const startedAt = performance.now();
      await copyBatch(
        this.client,
        {
          mapping,
          batchNo,
          firstKey: keyToText(firstKey ?? []),
          lastKey: keyToText(after ?? []),
          rows,
          encoded: pieces,
          conflictKey,
        },
        input.cutoverId,
        input.epoch,
        input.failpoint ?? nothing,
      );
      await input.failpoint?.('import:after-commit');
      const tookMs = Math.round(performance.now() - startedAt);
      input.log?.('info', `batch ${batchNo} ${mapping.source} committed ${formatCount(rows)} rows in ${tookMs} ms`);
      this.progress.add(mapping.source, rows);
      await this.keepPace(rows);
    }
    this.progress.end(mapping.source);
  }

  /** With a brake, batches are at most half a second long, so that it brakes evenly. */
  private batchRows(): number {
    const rows = Math.min(50_000, Math.max(1, this.input.batchRows ?? 2000));
    const { maxRowsPerSecond } = this.input;
    return maxRowsPerSecond ? Math.max(1, Math.min(rows, Math.ceil(maxRowsPerSecond / 2))) : rows;
  }

  private async keepPace(rows: number): Promise<void> {
    this.rowsThisRun += rows;
    await breathe();
    const { maxRowsPerSecond, signal } = this.input;
    if (!maxRowsPerSecond) return;
    const ahead = (this.rowsThisRun / maxRowsPerSecond) * 1000 - (performance.now() - this.startedAt);
    if (ahead > 0) await sleep(ahead, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  }
}

const nothing = async () => undefined;

const refersToItself = (mapping: MappedTable['mapping'], { table }: MappedTable): boolean =>
  table.foreignKeys.some((key) => key.table.toLowerCase() === mapping.source.toLowerCase());
