import type pg from 'pg';
import { quotePath } from '@/lib/sources/quote';
import { textRows } from './connect-target';
import { ledgerOf } from './ledger-schema';
import { ledgerTable } from './make-ledger';
import type { TargetPlace } from './types';

/** Rows that an earlier cutover of this profile loaded and that still stand. `at` is the server's own time, as text. */
export type EarlierLoad = { cutoverId: string; at: string; tables: string[] };

/** The newest load of another cutover whose rows are still in the profile's own tables; null when there is none. */
export async function readEarlierLoad(
  client: pg.Client,
  place: TargetPlace,
  cutoverId: string,
): Promise<EarlierLoad | null> {
  if (!(await ledgerTable(client, 'batch'))) return null;
  const ledger = ledgerOf(client);
  const loads = await textRows<{ cutover_id: string; at: string; target: string }>(
    client,
    `select distinct l.cutover_id, to_char(l.started_at, 'YYYY-MM-DD HH24:MI TZ') as at, l.started_at, b.target
    from ${ledger}.load l join ${ledger}.batch b using (cutover_id)
    where l.schema_name = $1 and l.source_id = $2 and l.cutover_id <> $3 and b.batch_no > 0
    order by l.started_at desc, b.target`,
    [place.schema, place.sourceId, cutoverId],
  );
  const shared = new Set(place.sharedTables.map(({ schema, table }) => quotePath(schema, table)));
  let found: EarlierLoad | null = null;
  for (const { cutover_id: id, at, target } of loads) {
    // Rows of a shared table are written over by a load; those of a table of one's own are not.
    if (shared.has(target) || (found && found.cutoverId !== id)) continue;
    const [table] = await textRows<{ there: string }>(client, 'select to_regclass($1) is not null as there', [target]);
    if (table?.there !== 't') continue;
    if ((await textRows(client, `select 1 as held from ${target} limit 1`)).length === 0) continue;
    found ??= { cutoverId: id, at, tables: [] };
    found.tables.push(target);
  }
  return found;
}
