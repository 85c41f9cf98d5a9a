import { createHash } from 'node:crypto';
import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { quoteIdent } from '@/lib/sources/quote';
import { CopyIn } from './copy-in';
import { beginHeld, type LedgerBatch, writeBatches } from './ledger';
import type { LoadGroup } from './load-order';
import type { BatchPage, PageAhead } from './page-ahead';
import { keyToText } from './source-readers';
import { sqlState } from './target-errors';
import { copyInSql, stageSql, targetPath, upsertSql } from './target-sql';
import type { Failpoint, TableMapping } from './types';

/** A batch that is on its way: its rows are sent, its ledger row is not yet committed. */
export type SentBatch = LedgerBatch & { mapping: TableMapping };
export type LoadTable = { mapping: TableMapping; conflictKey: readonly string[] };
type Hooks = { failpoint: Failpoint; onPage: (rows: number) => Promise<void> };

/** One target transaction: batches of one table or of several small ones, and their ledger rows. All of them are there or none. */
export class LoadTransaction {
  readonly batches: SentBatch[] = [];
  rows = 0;
  bytes = 0;
  private open = false;
  private early: LoadGroup['early'] = [];

  constructor(
    private readonly client: pg.Client,
    private readonly load: { cutoverId: string; epoch: number },
    private readonly hooks: Hooks,
  ) {}

  /** @throws CutoverError attempt_lost when a higher epoch holds the load */
  private async begin(): Promise<void> {
    if (this.open) return;
    this.open = true;
    await beginHeld(this.client, this.load.cutoverId, this.load.epoch);
  }

  /** Lets the tables of a group refer to each other in any order until this transaction ends; the keys themselves stay as they are. */
  async defer(early: LoadGroup['early']): Promise<void> {
    await this.begin();
    for (const { mapping, name } of early)
      await this.client.query(`alter table ${targetPath(mapping)} alter constraint ${quoteIdent(name)} deferrable`);
    if (early.length) await this.client.query('set constraints all deferred');
    this.early = early;
  }

  /** Sends one batch: pages until the one that is its last. Reads ahead while the server is at work. */
  async send(table: LoadTable, pages: PageAhead, first: BatchPage, batchNo: number): Promise<void> {
    const { mapping } = table;
    const { client } = this;
    await this.hooks.failpoint('import:before-batch');
    await this.begin();
    const batch = { mapping, target: targetPath(mapping), batchNo, firstKey: keyToText(first.firstKey) };
    const hash = createHash('sha256');
    let [rows, bytes, lastKey] = [0, 0, first.lastKey];
    if (mapping.shared) await client.query(stageSql('cutover_stage', mapping));
    const into = mapping.shared ? 'cutover_stage' : batch.target;
    const copy = await CopyIn.start(client, copyInSql(into, mapping));
    try {
      for (let page: BatchPage | null = first; page; ) {
        const taken = copy.write(page.bytes);
        taken.catch(() => undefined); // Waited for below, unless reading ahead fails first.
        hash.update(page.bytes);
        rows += page.rows;
        bytes += page.bytes.length;
        lastKey = page.lastKey;
        const sent: BatchPage = page;
        pages.readAhead(1);
        await taken;
        await this.hooks.onPage(sent.rows);
        page = sent.last ? null : pages.next();
      }
      await copy.end();
      if (mapping.shared) await client.query(upsertSql('cutover_stage', mapping, table.conflictKey));
    } catch (thrown) {
      await copy.fail();
      throw explain(thrown, { ...batch, lastKey: keyToText(lastKey) });
    }
    this.rows += rows;
    this.bytes += bytes;
    this.batches.push({
      ...batch,
      lastKey: keyToText(lastKey),
      rows: BigInt(rows),
      bytes: BigInt(bytes),
      sha256: hash.digest('hex'),
    });
  }

  /** Ledger rows, then the end of the transaction; `meanwhile` runs while the server writes it to disk. */
  async commit(meanwhile: () => void): Promise<SentBatch[]> {
    const { client, load } = this;
    if (!this.open) return [];
    try {
      if (this.early.length) await client.query('set constraints all immediate');
      for (const { mapping, name } of this.early)
        await client.query(
          `alter table ${targetPath(mapping)} alter constraint ${quoteIdent(name)} not deferrable initially immediate`,
        );
      if (this.batches.length) await writeBatches(client, load.cutoverId, load.epoch, this.batches);
      await this.hooks.failpoint('import:after-batch');
      const committed = client.query('commit');
      // A failure of what runs meanwhile must not leave the commit without someone who waits for it.
      try {
        meanwhile();
      } finally {
        await committed;
        this.open = false;
      }
    } catch (thrown) {
      throw this.open ? explain(thrown, this.batches.at(-1)) : thrown;
    }
    return this.batches;
  }

  async rollback(): Promise<void> {
    if (this.open) await this.client.query('rollback').catch(() => undefined);
    this.open = false;
  }
}

type Place = Pick<SentBatch, 'mapping' | 'batchNo' | 'firstKey' | 'lastKey'>;

function explain(thrown: unknown, place: Place | undefined): unknown {
  const state = sqlState(thrown);
  if (thrown instanceof CutoverError || !/^(22|23|54)/.test(state) || !place) return thrown;
  const { mapping, batchNo, firstKey, lastKey } = place;
  return new CutoverError(
    {
      code: 'batch_failed',
      message: `The target refused batch ${batchNo} of ${mapping.source}: ${(thrown as Error).message}. The batch was rolled back.`,
      advice: state.startsWith('54')
        ? 'PostgreSQL keeps at most 8,160 bytes of a row beside its long values: too many filled columns for one table. Divide the table in the source, then begin again.'
        : 'Run preflight again: a value or key changed since, or the target’s tables did.',
      facts: { sqlstate: state, table: mapping.source, batchNo, firstKey, lastKey },
    },
    { cause: thrown },
  );
}
