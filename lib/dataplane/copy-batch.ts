import { createHash } from 'node:crypto';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { CutoverError } from '@/lib/errors';
import { binaryHeader, binaryTrailer } from './binary-rows';
import { inTransaction } from './connect-target';
import { holdEpoch, writeBatch } from './ledger';
import { sqlState } from './target-errors';
import { copyInSql, stageSql, targetPath, upsertSql } from './target-sql';
import type { Failpoint, TableMapping } from './types';

/** Sends encoded rows through one COPY. */
export async function copyRows(client: pg.Client, sql: string, rows: readonly Buffer[]): Promise<void> {
  const stream = client.query(copyFrom(sql));
  const done = finished(stream);
  stream.write(binaryHeader);
  for (const piece of rows) stream.write(piece);
  stream.end(binaryTrailer);
  await done;
}

export type Batch = {
  mapping: TableMapping;
  batchNo: number;
  firstKey: string;
  lastKey: string;
  rows: number;
  encoded: readonly Buffer[];
  conflictKey: readonly string[];
};

/** SHA-256 of rows in the binary COPY layout: the canonical form of a row. */
export function digestRows(pieces: readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

/** Copies one batch and its ledger row in a single target transaction: both are there or neither.
 *  @throws CutoverError attempt_lost when a higher epoch holds the load; batch_failed when the target refuses the rows */
export async function copyBatch(
  client: pg.Client,
  batch: Batch,
  cutoverId: string,
  epoch: number,
  failpoint: Failpoint,
): Promise<void> {
  const { mapping, encoded } = batch;
  const bytes = encoded.reduce((sum, piece) => sum + piece.length, 0);
  try {
    await inTransaction(client, async () => {
      await holdEpoch(client, cutoverId, epoch);
      if (mapping.shared) {
        await client.query(stageSql('cutover_stage', mapping));
        await copyRows(client, copyInSql('cutover_stage', mapping), encoded);
        await client.query(upsertSql('cutover_stage', mapping, batch.conflictKey));
      } else await copyRows(client, copyInSql(targetPath(mapping), mapping), encoded);
      await writeBatch(client, cutoverId, epoch, {
        target: targetPath(mapping),
        batchNo: batch.batchNo,
        firstKey: batch.firstKey,
        lastKey: batch.lastKey,
        rows: BigInt(batch.rows),
        bytes: BigInt(bytes),
        sha256: digestRows(encoded),
      });
      await failpoint('import:after-batch');
    });
  } catch (thrown) {
    throw explainBatch(thrown, batch);
  }
}

function explainBatch(thrown: unknown, { mapping, batchNo, firstKey, lastKey }: Batch): unknown {
  const state = sqlState(thrown);
  if (thrown instanceof CutoverError || !/^(22|23)/.test(state)) return thrown;
  return new CutoverError(
    {
      code: 'batch_failed',
      message: `The target refused batch ${batchNo} of ${mapping.source}: ${(thrown as Error).message}. The batch was rolled back.`,
      advice: 'Run preflight again: a value or key changed since, or the target’s tables did.',
      facts: { sqlstate: state, table: mapping.source, batchNo, firstKey, lastKey },
    },
    { cause: thrown },
  );
}
