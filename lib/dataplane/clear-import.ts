import type pg from 'pg';
import { quotePath } from '@/lib/sources/quote';
import { inTransaction, textRows, withTarget } from './connect-target';
import { type Cleared, emptyTables } from './empty-tables';
import { readDesign } from './design-store';
import { refuseForeign, rowsBeyondBatches, rowsOfNoBatch } from './foreign-rows';
import { holdEpoch, readBatches } from './ledger';
import { ledgerOf } from './ledger-schema';
import { makeLedger } from './make-ledger';
import { readTarget } from './read-target';
import { deleteSharedRows } from './shared-rows';
import { targetPath } from './target-sql';
import type { Failpoint, TableMapping, TargetPlace } from './types';

/** Removes what the ledger explains, children first, and its rows of the ledger, in one transaction. Shared tables keep the profile's row: the target snapshot knows what stood there. */
export async function clearLoad(
  client: pg.Client,
  input: { cutoverId: string; epoch: number; sourceDigest: string; mappings: readonly TableMapping[] },
): Promise<Cleared> {
  const paths = input.mappings.filter(({ shared }) => !shared).map(targetPath);
  return inTransaction(client, async () => {
    await holdEpoch(client, input.cutoverId, input.epoch);
    const cleared = await deleteExplained(client, input.cutoverId, paths);
    await client.query(
      `update ${ledgerOf(client)}.load set source_digest = $2, started_at = clock_timestamp() where cutover_id = $1`,
      [input.cutoverId, input.sourceDigest],
    );
    return cleared;
  });
}

/** @throws CutoverError constraint_refused when rows that no load explains refer to these */
async function deleteExplained(client: pg.Client, cutoverId: string, paths: readonly string[]): Promise<Cleared> {
  const known = new Set((await readBatches(client, cutoverId)).map(({ target }) => target));
  await client.query('set constraints all deferred');
  const cleared = await emptyTables(
    client,
    paths.filter((one) => known.has(one)),
    paths,
  );
  await client.query(`delete from ${ledgerOf(client)}.batch where cutover_id = $1`, [cutoverId]);
  return cleared;
}

/** Undo of an import. A higher epoch than the load's takes it over.
 *  @param sharedMade shared tables (`schema.table`) in which the profile had no row before; in the others its row stays */
export async function clearImport({
  place,
  cutoverId,
  epoch,
  sharedMade = [],
  failpoint,
  signal,
}: {
  place: TargetPlace;
  cutoverId: string;
  epoch: number;
  sharedMade?: readonly string[];
  failpoint?: Failpoint;
  /** Breaks the statement under way off; nothing is then changed. */
  signal?: AbortSignal;
}): Promise<{ tables: Cleared }> {
  return withTarget(
    place.dsn,
    async (client) => {
      await makeLedger(client);
      const target = await readTarget(client, place);
      const own = target.tables.filter(({ schema }) => schema === place.schema);
      const paths = own.map((table) => quotePath(table.schema, table.name));
      return inTransaction(client, async () => {
        await client.query(`update ${ledgerOf(client)}.load set epoch = $2 where cutover_id = $1 and epoch <= $2`, [
          cutoverId,
          epoch,
        ]);
        const [load] = await textRows(client, `select 1 as held from ${ledgerOf(client)}.load where cutover_id = $1`, [
          cutoverId,
        ]);
        if (!load) return { tables: [] };
        await holdEpoch(client, cutoverId, epoch);
        const batches = await readBatches(client, cutoverId);
        // A schema that was designed is this load's alone: any other row in it is somebody's, and in no snapshot.
        const designed = (await readDesign(client, place)) !== null;
        if (designed) refuseForeign(await rowsOfNoBatch(client, own, batches));
        const emptied = await deleteExplained(client, cutoverId, paths);
        if (designed) refuseForeign(rowsBeyondBatches(emptied, batches));
        const tables = [...emptied, ...(await deleteSharedRows(client, place, sharedMade))];
        await failpoint?.('import:before-clear-commit');
        return { tables };
      });
    },
    { signal },
  );
}
