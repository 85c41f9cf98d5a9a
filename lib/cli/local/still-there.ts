import { targetPlace, withTarget } from '@/lib/dataplane';
import { textRows } from '@/lib/dataplane/connect-target';
import { ledgerTable } from '@/lib/dataplane/make-ledger';
import { standingTables } from '@/lib/dataplane/own-tables';
import { readDesign } from '@/lib/dataplane/design-store';
import type { Move } from './open-move';

/** What of a finished move is no longer in the target, in words; null while schema, tables and ledger stand. @throws CutoverError target_* */
export function whatIsGone({ target, schema }: Move, cutoverId: string): Promise<string | null> {
  return withTarget(
    target.dsn,
    async (client) => {
      const [there] = await textRows(client, 'select 1 as there from pg_namespace where nspname = $1', [schema]);
      if (!there) return `schema ${schema} is not there any more`;
      const load = await ledgerTable(client, 'load');
      const [own] = load
        ? await textRows(client, `select 1 as own from ${load} where cutover_id = $1`, [cutoverId])
        : [];
      const design = await readDesign(client, targetPlace(target.dsn, '', { schema }));
      if (!own || !design)
        return `the ledger no longer knows of this move, so what ${schema} holds now is not known to be it`;
      const made = design.expected.tables.map(({ name }) => name);
      const standing = await standingTables(client, schema, made);
      const missing = made.filter((name) => !standing.includes(name));
      return missing.length
        ? `of its tables ${missing.slice(0, 5).join(', ')} ${missing.length > 1 ? 'are' : 'is'} not there any more`
        : null;
    },
    { readOnly: true },
  );
}
