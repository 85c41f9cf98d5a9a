import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { quoteList, quotePath } from '@/lib/sources/quote';
import { textRows } from './connect-target';
import type { Cleared } from './empty-tables';
import { explainedRows, type LedgerBatch } from './ledger';
import type { TargetTable } from './types';

const mostKeys = 3;

/** Rows that stand where no batch has written, in words with their keys; null where there are none. */
export async function rowsOfNoBatch(
  client: pg.Client,
  own: readonly TargetTable[],
  batches: readonly LedgerBatch[],
): Promise<string | null> {
  for (const { schema, name, primaryKey, columns } of own) {
    const path = quotePath(schema, name);
    if (batches.some(({ target }) => target === path)) continue;
    const shown = primaryKey.length ? primaryKey : columns.map((column) => column.name);
    const rows = await textRows<{ key: string; count: string }>(
      client,
      `select concat_ws(', ', ${quoteList(shown)}) as key, count(*) over ()::text as count from ${path} limit ${mostKeys}`,
    );
    if (rows[0])
      return `${name} holds ${rows[0].count} row${rows[0].count === '1' ? '' : 's'} (${rows.map(({ key }) => key).join('; ')}${Number(rows[0].count) > mostKeys ? '; …' : ''})`;
  }
  return null;
}

/** The same of tables that were emptied just now, inside the transaction that did it. */
export function rowsBeyondBatches(cleared: Cleared, batches: readonly LedgerBatch[]): string | null {
  for (const { table, deleted } of cleared) {
    const more = BigInt(deleted) - explainedRows(batches, table);
    if (more > 0n) return `${table} holds ${more} row${more === 1n ? '' : 's'} beside those that were moved`;
  }
  return null;
}

/** @throws CutoverError target_not_empty where there are such rows: they are in no copy, so nothing is taken back */
export function refuseForeign(what: string | null): void {
  if (what === null) return;
  throw new CutoverError({
    code: 'target_not_empty',
    message: `${what}, which this move did not bring. Nothing was taken back.`,
    advice:
      'A row diff lists them as only in the target. Keep what you need of them elsewhere and delete them, or drop the schema yourself; then take it back again.',
  });
}
