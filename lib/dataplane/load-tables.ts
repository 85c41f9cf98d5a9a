import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { formatCount } from '@/lib/shared/format';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { type CellMisfit, EncodedReader } from './encoded-reader';
import { explainedRows, type LedgerBatch } from './ledger';
import type { LoadGroup } from './load-order';
import { LoadTransaction } from './load-transaction';
import { PageAhead } from './page-ahead';
import { keyText, sampleText } from './profile-values';
import type { loadProgress } from './progress';
import { breathe, type MappedTable, textToKey } from './source-readers';
import { mappingName, targetPath } from './target-sql';
import type { ImportInput, TableMapping, TargetSchema } from './types';

const batchBytes = 32 * 1024 * 1024;
/** A batch is streamed, so its size costs no memory; a kill costs at most one. */
const mostRows = 50_000;
/** Pages encoded while the server writes a transaction to disk. */
const pagesMeanwhile = 2;

/** Loads tables batch by batch. Small rests of several tables share a transaction; each keeps a ledger row of its own. */
export class TableLoad {
  rowsWritten = 0;
  private readonly startedAt = performance.now();
  private transaction: LoadTransaction;
  private since = performance.now();
  /** Read to the end, but perhaps not yet committed. */
  private read: TableMapping[] = [];
  private readonly bytes = new Map<TableMapping, number>();
  private paced = 0;
  private whole = false;

  constructor(
    private readonly client: pg.Client,
    private readonly file: SqliteFile,
    private readonly input: ImportInput,
    private readonly target: TargetSchema,
    private readonly progress: ReturnType<typeof loadProgress>,
    /** Called when every row of a table is committed, with their bytes. */
    private readonly onLoaded: (mapping: TableMapping, bytes: number) => void,
  ) {
    this.transaction = this.newTransaction();
  }

  /** Tables of one group; where their rows refer to each other, all of them in one transaction and each in one statement. */
  async group({ tables, whole, early }: LoadGroup, mapped: readonly MappedTable[], before: readonly LedgerBatch[]) {
    this.whole = whole;
    if (whole) {
      await this.finish();
      await this.transaction.defer(early);
    }
    for (const mapping of tables) {
      const one = mapped.find((table) => table.mapping === mapping) as MappedTable;
      await this.table(
        one,
        before.filter(({ target }) => target === targetPath(mapping)),
        whole,
      );
    }
    if (whole) await this.finish();
  }

  private async table(one: MappedTable, done: readonly LedgerBatch[], whole: boolean): Promise<void> {
    const { mapping } = one;
    const last = done.at(-1);
    const limits = whole
      ? { rows: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY }
      : { rows: this.batchRows(), bytes: batchBytes };
    const reader = new EncodedReader(this.file, one, this.input.rules, refuseMisfit(one));
    const pages = new PageAhead(reader, last?.lastKey ? textToKey(last.lastKey) : null, limits);
    this.progress.begin(mappingName(mapping), Number(explainedRows(done, targetPath(mapping))));
    this.bytes.set(mapping, Number(done.reduce((sum, { bytes }) => sum + bytes, 0n)));
    let batchNo = last?.batchNo ?? 0;
    for (let page = pages.next(); page; page = pages.next()) {
      batchNo += 1;
      await this.transaction.send({ mapping, conflictKey: this.conflictKey(mapping) }, pages, page, batchNo);
      if (!whole && this.isFull(mapping)) await this.finish(pages);
    }
    this.read.push(mapping);
    if (!this.transaction.batches.length) this.endRead();
  }

  private isFull(mapping: TableMapping): boolean {
    const { rows, bytes } = this.transaction;
    return rows >= this.batchRows() || bytes >= batchBytes || mapping.shared !== null;
  }

  /** Commits what is on its way. */
  async finish(pages?: PageAhead): Promise<void> {
    const committed = await this.transaction.commit(() => pages?.readAhead(pagesMeanwhile));
    const tookMs = Math.round(performance.now() - this.since);
    this.transaction = this.newTransaction();
    if (!committed.length) return;
    await this.input.failpoint?.('import:after-commit');
    for (const { batchNo, mapping, rows, bytes } of committed) {
      this.bytes.set(mapping, (this.bytes.get(mapping) ?? 0) + Number(bytes));
      this.input.log?.(
        'info',
        `batch ${batchNo} ${mapping.source} committed ${formatCount(rows)} rows in ${tookMs} ms`,
      );
      this.rowsWritten += Number(rows);
      this.progress.add(mappingName(mapping), Number(rows));
    }
    this.endRead();
    await this.keepPace();
    this.since = performance.now();
  }

  private endRead(): void {
    for (const mapping of this.read) {
      this.progress.end(mappingName(mapping));
      this.onLoaded(mapping, this.bytes.get(mapping) ?? 0);
    }
    this.read = [];
  }

  giveUp = (): Promise<void> => this.transaction.rollback();

  private newTransaction(): LoadTransaction {
    const { failpoint = async () => undefined } = this.input;
    return new LoadTransaction(this.client, this.input, { failpoint, onPage: (rows) => this.onPage(rows) });
  }

  private conflictKey = ({ target }: TableMapping): readonly string[] =>
    this.target.tables.find(({ schema, name }) => schema === target.schema && name === target.table)?.primaryKey ?? [];

  /** With a brake, batches are at most half a second long, so that it brakes evenly. */
  private batchRows(): number {
    const rows = Math.min(mostRows, Math.max(1, this.input.batchRows ?? mostRows));
    const { maxRowsPerSecond } = this.input;
    return maxRowsPerSecond ? Math.max(1, Math.min(rows, Math.ceil(maxRowsPerSecond / 2))) : rows;
  }

  /** Signals and timers get their turn; a brake holds between two transactions, or between two pages of one that takes all. */
  private async onPage(rows: number): Promise<void> {
    this.paced += rows;
    await breathe();
    this.input.signal.throwIfAborted();
    if (this.whole) await this.keepPace();
  }

  private async keepPace(): Promise<void> {
    const { maxRowsPerSecond, signal } = this.input;
    if (!maxRowsPerSecond) return;
    const ahead = (this.paced / maxRowsPerSecond) * 1000 - (performance.now() - this.startedAt);
    if (ahead > 0) await sleep(ahead, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  }
}

const refuseMisfit =
  ({ mapping, table }: MappedTable): CellMisfit =>
  (row, i, misfit, cell) => {
    throw new CutoverError({
      code: 'value_not_storable',
      message: `${mapping.source}.${mapping.columns[i]?.source} of ${keyText(mapping, table, row)} does not fit (${misfit}): ${sampleText(cell)}.`,
      advice: 'Run preflight again and choose a rule.',
      facts: { table: mapping.source, misfit },
    });
  };
