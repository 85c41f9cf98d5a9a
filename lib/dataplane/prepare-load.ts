import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { clearLoad } from './clear-import';
import { inTransaction, textRows } from './connect-target';
import { claimLoad, explainedRows, type LedgerBatch, readBatches } from './ledger';
import { makeLedger } from './make-ledger';
import { targetCountSql, targetPath } from './target-sql';
import type { ImportInput, TableMapping, TablePlan } from './types';

/** Counts asked for in one statement. */
const countsTogether = 100;

/** Claims the load; what an earlier snapshot loaded is taken away first; rows that the ledger does not explain stop the import. */
export async function prepareLoad(client: pg.Client, input: ImportInput, plan: TablePlan): Promise<LedgerBatch[]> {
  await makeLedger(client);
  const { cutoverId, epoch, place, sourceDigest } = input;
  // A load that is refused here leaves no claim behind.
  const { load, batches } = await inTransaction(client, async () => {
    const claimed = await claimLoad(client, {
      cutoverId,
      epoch,
      sourceId: place.sourceId,
      schema: place.schema,
      sourceDigest,
    });
    const known = await readBatches(client, cutoverId);
    await refuseStrangers(client, plan, known);
    return { load: claimed, batches: known };
  });
  if (load.sourceDigest === sourceDigest && !batches.some(({ batchNo }) => batchNo < 0)) return batches;
  input.log?.('note', 'The ledger holds a load from an earlier snapshot; its rows are removed first.');
  await clearLoad(client, { cutoverId, epoch, sourceDigest, mappings: plan.tables });
  return [];
}

async function refuseStrangers(client: pg.Client, plan: TablePlan, batches: readonly LedgerBatch[]): Promise<void> {
  const own = plan.tables.filter(({ shared }) => !shared);
  const counts = await countTargets(client, own);
  for (const [i, mapping] of own.entries()) {
    const explained = explainedRows(batches, targetPath(mapping));
    if (counts[i] !== explained)
      throw new CutoverError({
        code: 'target_not_empty',
        message: `${targetPath(mapping)} holds ${counts[i]} rows; the ledger explains ${explained}.`,
        advice: 'Find out who wrote there. Restore the target snapshot, or empty the table, then import again.',
        facts: { table: mapping.target.table, rows: String(counts[i]), explained: explained.toString() },
      });
  }
}

async function countTargets(client: pg.Client, mappings: readonly TableMapping[]): Promise<bigint[]> {
  const counts: bigint[] = [];
  for (let at = 0; at < mappings.length; at += countsTogether) {
    const some = mappings.slice(at, at + countsTogether);
    const asked = some
      .map((mapping, i) => `select ${i} as no, (${targetCountSql(mapping)}) as rows`)
      .join(' union all ');
    const rows = await textRows<{ rows: string }>(client, `select rows from (${asked}) counted order by no`);
    counts.push(...rows.map((row) => BigInt(row.rows)));
  }
  return counts;
}
