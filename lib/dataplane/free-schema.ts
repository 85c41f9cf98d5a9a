import type pg from 'pg';
import { quoteIdent } from '@/lib/sources/quote';
import { textRows } from './connect-target';
import { readDesign } from './design-store';
import { ownerProblem } from './schema-owner';
import type { TargetPlace } from './types';

const shown = 5;

/** Why a schema that is to be made from the source is not free for it, in words; null where it is free or was made by a move of ours. */
export async function whyNotFree(client: pg.Client, place: TargetPlace): Promise<string | null> {
  const foreignOwner = await ownerProblem(client, place);
  if (foreignOwner) return `${foreignOwner} (target_not_empty)`;
  const design = await readDesign(client, place);
  const held = await textRows<{ name: string; kind: string }>(
    client,
    `select c.relname as name, c.relkind as kind from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') order by c.relname collate "C"`,
    [place.schema],
  );
  // Beside the tables of a move stand what its reviewed SQL made, and sequences.
  const foreign = design
    ? held.filter(
        ({ name, kind }) => 'rpf'.includes(kind) && !design.expected.tables.some((table) => table.name === name),
      )
    : held;
  if (!foreign.length) return null;
  const names = foreign.slice(0, shown).map(({ name }) => name);
  return `schema ${quoteIdent(place.schema)} holds ${foreign.length} ${foreign.length === 1 ? 'object' : 'objects'} that no move of this profile has made: ${names.join(', ')}${foreign.length > shown ? ', …' : ''} (target_not_empty)`;
}
