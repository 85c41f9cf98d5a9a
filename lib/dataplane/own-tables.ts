import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { quoteIdent, quotePath } from '@/lib/sources/quote';
import { textRows } from './connect-target';
import type { TargetPlace } from './types';

/** Tables of a schema that others use too: only these are the profile's, and nothing but these is ever made, moved or dropped. */
export type SharedSchema = { schema: string; tables: readonly string[] };

export const sharedSchemaOf = ({ schema, tables }: Pick<TargetPlace, 'schema' | 'tables'>): SharedSchema | null =>
  tables ? { schema, tables } : null;

/** Those of the profile's tables that stand in a schema now, in name order. */
export async function standingTables(client: pg.Client, schema: string, tables: readonly string[]): Promise<string[]> {
  const rows = await textRows<{ name: string }>(
    client,
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relkind in ('r', 'p') and c.relname = any($2::text[]) order by c.relname collate "C"`,
    [schema, tables],
  );
  return rows.map(({ name }) => name);
}

/** Moves tables with their indexes and sequences into a schema of their own, which is made. Inside the caller's transaction.
 *  @throws CutoverError state_forbids where a table of somebody else refers to one of them */
export async function setTablesAside(
  client: pg.Client,
  { schema, tables }: SharedSchema,
  aside: string,
): Promise<void> {
  const standing = await standingTables(client, schema, tables);
  await refuseReferred(client, schema, standing);
  await client.query(`create schema ${quoteIdent(aside)}`);
  for (const table of standing)
    await client.query(`alter table ${quotePath(schema, table)} set schema ${quoteIdent(aside)}`);
}

/** What stands in their place is dropped, and what stood aside returns. Inside the caller's transaction. */
export async function bringTablesBack(client: pg.Client, shared: SharedSchema, aside: string): Promise<void> {
  await dropTables(client, shared);
  for (const table of await standingTables(client, aside, shared.tables))
    await client.query(`alter table ${quotePath(aside, table)} set schema ${quoteIdent(shared.schema)}`);
  await client.query(`drop schema ${quoteIdent(aside)}`);
}

/** Without cascade: what refers to them from outside stops it. */
export async function dropTables(client: pg.Client, { schema, tables }: SharedSchema): Promise<void> {
  const standing = await standingTables(client, schema, tables);
  if (standing.length) await client.query(`drop table ${standing.map((table) => quotePath(schema, table)).join(', ')}`);
}

async function refuseReferred(client: pg.Client, schema: string, own: readonly string[]): Promise<void> {
  const [other] = await textRows<{ child: string; parent: string }>(
    client,
    `select o.conrelid::regclass::text as child, p.relname as parent from pg_constraint o
    join pg_class p on p.oid = o.confrelid join pg_namespace n on n.oid = p.relnamespace
    join pg_class c on c.oid = o.conrelid join pg_namespace m on m.oid = c.relnamespace
    where o.contype = 'f' and n.nspname = $1 and p.relname = any($2::text[])
      and not (m.nspname = $1 and c.relname = any($2::text[])) limit 1`,
    [schema, own],
  );
  if (other)
    throw new CutoverError({
      code: 'state_forbids',
      message: `${other.child}, which is not this profile's, refers to its table ${other.parent} in ${schema}.`,
      advice: 'Restore these tables together with the owner of the other one; nothing was changed.',
      facts: { child: other.child, parent: other.parent },
    });
}
