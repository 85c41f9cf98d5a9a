import type pg from 'pg';
import { clearImport } from '@/lib/dataplane/clear-import';
import { inTransaction, textRows, withTarget } from '@/lib/dataplane/connect-target';
import { forgetDesign, readDesign } from '@/lib/dataplane/design-store';
import { explainedRows, readBatches } from '@/lib/dataplane/ledger';
import { readTarget } from '@/lib/dataplane/read-target';
import type { TargetPlace } from '@/lib/dataplane/types';
import { CutoverError } from '@/lib/errors';
import { quoteIdent } from '@/lib/sources/quote';
import { loadIdOf, nextEpoch } from './import-files';

export type UndoneImport = { tables: { table: string; deleted: string }[]; schemaDropped: boolean };

/** Takes an import of files back: the rows that its ledger explains, and the schema where the import made it. Safe to repeat.
 *  @throws CutoverError target_not_empty when rows are there that the import did not bring: then nothing is changed */
export async function undoImportFiles(
  exportId: string,
  place: TargetPlace,
  signal: AbortSignal,
): Promise<UndoneImport> {
  const cutoverId = loadIdOf(exportId, place);
  const epoch = await withTarget(
    place.dsn,
    async (client) => {
      await refuseStrangers(client, cutoverId);
      return nextEpoch(client, cutoverId);
    },
    { signal },
  );
  const { tables } = await clearImport({ place, cutoverId, epoch, signal });
  const schemaDropped = await withTarget(place.dsn, (client) => dropEmpty(client, place), { signal });
  return { tables, schemaDropped };
}

async function refuseStrangers(client: pg.Client, cutoverId: string): Promise<void> {
  const batches = await readBatches(client, cutoverId);
  for (const path of new Set(batches.map(({ target }) => target))) {
    const [there] = await textRows<{ rows: string }>(client, `select count(*)::text as rows from ${path}`);
    const explained = explainedRows(batches, path);
    if (BigInt(there?.rows ?? 0) !== explained)
      throw new CutoverError({
        code: 'target_not_empty',
        message: `${path} holds ${there?.rows} rows; the import brought ${explained}. Nothing was changed.`,
        advice: 'Somebody has written there since. Look at those rows first, or restore a snapshot.',
        facts: { table: path, rows: there?.rows ?? '0', explained: explained.toString() },
      });
  }
}

/** Only a schema that was made from the files, and only while no table of it holds a row. */
async function dropEmpty(client: pg.Client, place: TargetPlace): Promise<boolean> {
  if (!(await readDesign(client, place))) return false;
  const { tables } = await readTarget(client, place);
  for (const { schema, name } of tables) {
    const [held] = await textRows(client, `select 1 as held from ${quoteIdent(schema)}.${quoteIdent(name)} limit 1`);
    if (held) return false;
  }
  await inTransaction(client, async () => {
    await client.query(`drop schema if exists ${quoteIdent(place.schema)} cascade`);
    await forgetDesign(client, place);
  });
  return true;
}
