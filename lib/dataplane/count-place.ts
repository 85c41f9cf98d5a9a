import { quotePath } from '@/lib/sources/quote';
import { textRows, withTarget } from './connect-target';
import type { TargetPlace } from './types';

/** Rows of every table of the profile as the target holds them now, exact; empty where its schema is absent.
 *  @throws CutoverError target_* */
export function countPlace(place: TargetPlace, signal?: AbortSignal): Promise<Record<string, string>> {
  return withTarget(
    place.dsn,
    async (client) => {
      const tables = await textRows<{ name: string }>(
        client,
        `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = $1 and c.relkind in ('r', 'p') and ($2::text[] is null or c.relname = any($2::text[]))`,
        [place.schema, place.tables ?? null],
      );
      const counted: [string, string][] = [];
      for (const { name } of tables) {
        const path = quotePath(place.schema, name);
        const [read] = await textRows<{ rows: string }>(client, `select count(*)::text as rows from ${path}`);
        counted.push([name, read?.rows ?? '0']);
      }
      return Object.fromEntries(counted);
    },
    { readOnly: true, ...(signal ? { signal } : {}) },
  );
}
