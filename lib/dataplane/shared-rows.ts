import type pg from 'pg';
import { quoteIdent, quotePath } from '@/lib/sources/quote';
import { textRows, withTarget } from './connect-target';
import type { TargetPlace } from './types';

type Shared = TargetPlace['sharedTables'][number];
const nameOf = ({ schema, table }: Shared): string => `${schema}.${table}`;

/** Shared tables, as `schema.table`, in which the profile has no row now: what it has there after a load is of that load. */
export async function sharedWithoutRows(place: TargetPlace, signal?: AbortSignal): Promise<string[]> {
  if (place.sharedTables.length === 0) return [];
  return withTarget(
    place.dsn,
    async (client) => {
      const without: string[] = [];
      for (const shared of place.sharedTables) {
        const sql = `select 1 as held from ${quotePath(shared.schema, shared.table)} where ${quoteIdent(shared.keyColumn)} = $1 limit 1`;
        if ((await textRows(client, sql, [place.sourceId])).length === 0) without.push(nameOf(shared));
      }
      return without;
    },
    { signal },
  );
}

/** Deletes the profile's rows of the named shared tables, in the caller's transaction. */
export async function deleteSharedRows(
  client: pg.Client,
  place: TargetPlace,
  names: readonly string[],
): Promise<{ table: string; deleted: string }[]> {
  const cleared: { table: string; deleted: string }[] = [];
  for (const shared of place.sharedTables.filter((one) => names.includes(nameOf(one)))) {
    const path = quotePath(shared.schema, shared.table);
    const { rowCount } = await client.query(`delete from ${path} where ${quoteIdent(shared.keyColumn)} = $1`, [
      place.sourceId,
    ]);
    cleared.push({ table: path, deleted: String(rowCount ?? 0) });
  }
  return cleared;
}
