import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { quotePath } from '@/lib/sources/quote';
import { inTransaction, textRows, withTarget } from './connect-target';
import { holdEpoch, readBatches } from './ledger';
import { ledgerOf } from './ledger-schema';
import { makeLedger } from './make-ledger';
import { circles } from './load-order';
import { readTarget } from './read-target';
import { deleteSharedRows } from './shared-rows';
import { sqlState } from './target-errors';
import { targetPath } from './target-sql';
import type { Failpoint, TableMapping, TargetPlace } from './types';

type Cleared = { table: string; deleted: string }[];

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

/** Children first. Tables that refer to each other in a circle are emptied by one statement: the server checks keys at its end, also those that say restrict.
 *  @throws CutoverError constraint_refused when rows that no load explains refer to these */
async function deleteExplained(client: pg.Client, cutoverId: string, paths: readonly string[]): Promise<Cleared> {
  const known = new Set((await readBatches(client, cutoverId)).map(({ target }) => target));
  const cleared: Cleared = [];
  await client.query('set constraints all deferred');
  for (const group of await childrenFirst(
    client,
    paths.filter((one) => known.has(one)),
  ))
    cleared.push(...(await deleteTogether(client, group)));
  await client.query(`delete from ${ledgerOf(client)}.batch where cutover_id = $1`, [cutoverId]);
  return cleared;
}

async function deleteTogether(client: pg.Client, group: readonly string[]): Promise<Cleared> {
  try {
    const [only] = group;
    if (group.length === 1)
      return [{ table: only as string, deleted: String((await client.query(`delete from ${only}`)).rowCount ?? 0) }];
    const deletes = group.map((path, i) => `d${i} as (delete from ${path} returning 1)`).join(', ');
    const counts = group.map((_, i) => `select ${i} as i, count(*)::text as deleted from d${i}`).join(' union all ');
    const rows = await textRows<{ i: string; deleted: string }>(client, `with ${deletes} ${counts}`);
    return rows.map(({ i, deleted }) => ({ table: group[Number(i)] as string, deleted }));
  } catch (thrown) {
    if (!sqlState(thrown).startsWith('23')) throw thrown;
    throw new CutoverError(
      {
        code: 'constraint_refused',
        message: `The rows of ${group.join(', ')} cannot be taken back: ${(thrown as Error).message}. Nothing was changed.`,
        advice: 'Rows that this load did not bring refer to them: look at those rows first, then take it back again.',
        facts: { sqlstate: sqlState(thrown), tables: [...group] },
      },
      { cause: thrown },
    );
  }
}

/** Groups of tables in the order in which they can be emptied, by the keys that the target has now. */
async function childrenFirst(client: pg.Client, paths: readonly string[]): Promise<string[][]> {
  const keys = await textRows<{ child: string; parent: string }>(
    client,
    `select child.path as child, parent.path as parent from pg_constraint
     join unnest($1::text[]) as child (path) on child.path::regclass = conrelid
     join unnest($1::text[]) as parent (path) on parent.path::regclass = confrelid
     where contype = 'f' and conrelid <> confrelid`,
    [[...paths]],
  );
  const parents = new Map<string, string[]>();
  for (const { child, parent } of keys) parents.set(child, [...(parents.get(child) ?? []), parent]);
  return circles(paths, (path) => parents.get(path) ?? []).reverse();
}

/** Undo of an import. A higher epoch than the load's takes it over.
 *  @param sharedMade shared tables (`schema.table`) in which the profile had no row before; in the others its row stays */
export async function clearImport({
  place,
  cutoverId,
  epoch,
  sharedMade = [],
  failpoint,
}: {
  place: TargetPlace;
  cutoverId: string;
  epoch: number;
  sharedMade?: readonly string[];
  failpoint?: Failpoint;
}): Promise<{ tables: Cleared }> {
  return withTarget(place.dsn, async (client) => {
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
      const tables = [
        ...(await deleteExplained(client, cutoverId, paths)),
        ...(await deleteSharedRows(client, place, sharedMade)),
      ];
      await failpoint?.('import:before-clear-commit');
      return { tables };
    });
  });
}
