import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { quoteText } from '@/lib/sources/quote';
import { textRows } from './connect-target';
import { ledgerOf } from './ledger-schema';
import { ledgerTable } from './make-ledger';

/** batch_no from 1 is a copied batch; below 0 a repair, whose `rows` is what it added less what it took away. */
export type LedgerBatch = {
  target: string;
  batchNo: number;
  firstKey: string | null;
  lastKey: string | null;
  rows: bigint;
  bytes: bigint;
  sha256: string;
};
export type Load = { cutoverId: string; epoch: number; sourceId: string; schema: string; sourceDigest: string };

const overtaken = (epoch: number): CutoverError =>
  new CutoverError({
    code: 'attempt_lost',
    message: `This attempt (epoch ${epoch}) was overtaken by a newer one; nothing more was written.`,
    advice: 'Look at the newest attempt of this step.',
    facts: { epoch },
  });

/** Makes this epoch the one that may write. A lower one is refused now, and one still at work at its next batch. Returns the load as it stood. */
export async function claimLoad(client: pg.Client, load: Load): Promise<{ sourceDigest: string }> {
  const rows = await textRows<{ source_digest: string }>(
    client,
    `
    insert into ${ledgerOf(client)}.load (cutover_id, epoch, source_id, schema_name, source_digest) values ($1, $2, $3, $4, $5)
    on conflict (cutover_id) do update set epoch = excluded.epoch where load.epoch <= excluded.epoch
    returning source_digest`,
    [load.cutoverId, load.epoch, load.sourceId, load.schema, load.sourceDigest],
  );
  if (!rows[0]) throw overtaken(load.epoch);
  return { sourceDigest: rows[0].source_digest };
}

/** First statement of every writing transaction: holds the epoch until commit. @throws CutoverError attempt_lost */
export async function holdEpoch(client: pg.Client, cutoverId: string, epoch: number): Promise<void> {
  const rows = await textRows(
    client,
    `select 1 as held from ${ledgerOf(client)}.load where cutover_id = $1 and epoch = $2 for share`,
    [cutoverId, epoch],
  );
  if (!rows[0]) throw overtaken(epoch);
}

/** Begins a writing transaction that holds the epoch and checks deferrable constraints at its end; one round trip. @throws CutoverError attempt_lost */
export async function beginHeld(client: pg.Client, cutoverId: string, epoch: number): Promise<void> {
  const [, held] = (await client.query(
    `begin; select 1 as held from ${ledgerOf(client)}.load where cutover_id = ${quoteText(cutoverId)} and epoch = ${Math.trunc(epoch)} for share; set constraints all deferred`,
  )) as unknown as { rows: unknown[] }[];
  if (!held?.rows[0]) throw overtaken(epoch);
}

export async function readBatches(client: pg.Client, cutoverId: string): Promise<LedgerBatch[]> {
  const table = await ledgerTable(client, 'batch');
  if (!table) return [];
  const rows = await textRows<Record<string, string | null>>(
    client,
    `
    select target, batch_no, first_key, last_key, rows, bytes, sha256 from ${table}
    where cutover_id = $1 order by target collate "C", batch_no`,
    [cutoverId],
  );
  return rows.map((row) => ({
    target: row.target as string,
    batchNo: Number(row.batch_no),
    firstKey: row.first_key ?? null,
    lastKey: row.last_key ?? null,
    rows: BigInt(row.rows as string),
    bytes: BigInt(row.bytes as string),
    sha256: row.sha256 as string,
  }));
}

/** Nine parameters a row; PostgreSQL takes 65,535 a statement. */
const rowsPerStatement = 1000;

export async function writeBatches(
  client: pg.Client,
  cutoverId: string,
  epoch: number,
  batches: readonly LedgerBatch[],
): Promise<void> {
  for (let at = 0; at < batches.length; at += rowsPerStatement) {
    const some = batches.slice(at, at + rowsPerStatement);
    const rows = some.map((_, i) => `(${Array.from({ length: 9 }, (__, j) => `$${i * 9 + j + 1}`).join(', ')})`);
    await client.query(
      `insert into ${ledgerOf(client)}.batch (cutover_id, target, batch_no, first_key, last_key, rows, bytes, sha256, epoch)
    values ${rows.join(', ')}`,
      some.flatMap((batch) => [
        cutoverId,
        batch.target,
        batch.batchNo,
        batch.firstKey,
        batch.lastKey,
        batch.rows.toString(),
        batch.bytes.toString(),
        batch.sha256,
        epoch,
      ]),
    );
  }
}

export const writeBatch = (client: pg.Client, cutoverId: string, epoch: number, batch: LedgerBatch): Promise<void> =>
  writeBatches(client, cutoverId, epoch, [batch]);

/** Rows the ledger explains in a target table. */
export const explainedRows = (batches: readonly LedgerBatch[], target: string): bigint =>
  batches.reduce((sum, batch) => (batch.target === target ? sum + batch.rows : sum), 0n);
