import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { quoteIdent, quoteList, quotePath, quoteText } from '@/lib/sources/quote';
import { inTransaction, textRows } from './connect-target';
import { holdEpoch } from './ledger';
import { ledgerOf } from './ledger-schema';
import { rowsPlaces } from './target-content';
import type { RestoreInput, TargetManifest } from './types';

/** Registry and shared rows of this profile, in one transaction with what the ledger said about the replaced schema. */
export async function restoreRows(
  client: pg.Client,
  { place, dir, cutoverId, epoch }: RestoreInput,
  manifest: TargetManifest,
  aside: string,
): Promise<number> {
  return inTransaction(client, async () => {
    await holdEpoch(client, cutoverId, epoch);
    let restored = 0;
    for (const { schema, table, keyColumn, columns, file, rows } of manifest.rows) {
      const path = quotePath(schema, table);
      await client.query(
        `create temporary table cutover_rows on commit drop as select ${quoteList(columns)} from ${path} with no data`,
      );
      await pipeline(
        createReadStream(join(dir, file)),
        client.query(copyFrom(`copy cutover_rows (${quoteList(columns)}) from stdin`)),
      );
      const own = `${quoteIdent(keyColumn)} = ${quoteText(place.sourceId)}`;
      // Only rows that differ are touched, so that what refers to them is left in peace.
      await client.query(
        `delete from ${path} t where ${own} and not exists (select 1 from cutover_rows r where ${columns.map((name) => `r.${quoteIdent(name)} is not distinct from t.${quoteIdent(name)}`).join(' and ')})`,
      );
      await client.query(
        `insert into ${path} (${quoteList(columns)}) overriding system value select ${quoteList(columns)} from cutover_rows r where not exists (select 1 from ${path} t where ${columns.map((name) => `r.${quoteIdent(name)} is not distinct from t.${quoteIdent(name)}`).join(' and ')})`,
      );
      await client.query('drop table cutover_rows');
      restored += Number(rows);
    }
    await client.query(
      `delete from ${ledgerOf(client)}.batch b using ${ledgerOf(client)}.load l where l.cutover_id = b.cutover_id and l.schema_name = $1 and l.source_id = $2`,
      [manifest.schema, place.sourceId],
    );
    // A table that did not exist then held no row of this profile.
    for (const { schema, table, keyColumn } of rowsPlaces(place)) {
      if (manifest.rows.some((one) => one.schema === schema && one.table === table)) continue;
      const [there] = await textRows<{ there: string | null }>(client, 'select to_regclass($1)::text as there', [
        quotePath(schema, table),
      ]);
      if (there?.there)
        await client.query(
          `delete from ${quotePath(schema, table)} where ${quoteIdent(keyColumn)} = ${quoteText(place.sourceId)}`,
        );
    }
    await client.query(`update ${ledgerOf(client)}.restore set done = true where aside = $1`, [aside]);
    return restored;
  });
}
