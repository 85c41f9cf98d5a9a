import { quoteIdent, quotePath } from '@/lib/sources/quote';
import { textRows, withTarget } from './connect-target';
import { readBatches } from './ledger';
import type { TargetPlace } from './types';

/** A value that a rule of the table refuses: the next column is tried. */
const refusedBy = new Set(['23514', '23505', '23503', '22001', 'P0001']);

/**
 * Changes one text of one row that a cutover has loaded, as a person with psql might: what the demo shows a row diff to find.
 * @returns table, column and the row's place, or null when no loaded row has a text beside its key
 */
export async function damageRow(
  place: TargetPlace,
  cutoverId: string,
): Promise<{ table: string; column: string; at: string } | null> {
  return withTarget(place.dsn, async (client) => {
    const columns = await textRows<{ table: string; column: string }>(
      client,
      `select c.relname as table, a.attname as column from pg_class c
       join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
       where n.nspname = $1 and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
         and a.atttypid in ('text'::regtype, 'varchar'::regtype)
         and not exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'f') and a.attnum = any(k.conkey))
         and not exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisunique and a.attnum = any(i.indkey::int2[]))
       order by pg_table_size(c.oid) desc, a.attnum`,
      [place.schema],
    );
    const loaded = new Set((await readBatches(client, cutoverId)).map(({ target }) => target));
    for (const { table, column } of columns) {
      const path = quotePath(place.schema, table);
      if (!loaded.has(path)) continue;
      try {
        const changed = await textRows<{ at: string }>(
          client,
          `update ${path} set ${quoteIdent(column)} = ${quoteIdent(column)} || ' (damaged)'
           where ctid = (select ctid from ${path} where ${quoteIdent(column)} <> '' limit 1) returning ctid::text as at`,
        );
        if (changed[0]) return { table, column, at: changed[0].at };
      } catch (thrown) {
        if (!refusedBy.has((thrown as { code?: string }).code ?? '')) throw thrown;
      }
    }
    return null;
  });
}
