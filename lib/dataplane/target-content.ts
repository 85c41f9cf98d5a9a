import { createHash } from 'node:crypto';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { quoteIdent, quoteList, quotePath, quoteText } from '@/lib/sources/quote';
import { textRows } from './connect-target';
import type { TableManifest, TargetManifest, TargetPlace } from './types';

export type SchemaContent = { exists: boolean; owner: string | null; grants: string[]; tables: TableManifest[] };

/** Owner, grants and every table of a schema (of a shared one: the profile's) with rows and a digest of all of them in key order. */
export async function readContent(
  client: pg.Client,
  { schema, tables: own }: Pick<TargetPlace, 'schema' | 'tables'>,
): Promise<SchemaContent> {
  const [head] = await textRows<{ owner: string; acl: string }>(
    client,
    `
    select pg_get_userbyid(nspowner) as owner, to_jsonb(coalesce(nspacl::text[], array[]::text[]))::text as acl from pg_namespace where nspname = $1`,
    [schema],
  );
  if (!head) return { exists: false, owner: null, grants: [], tables: [] };
  const listed = await textRows<{ name: string; owner: string; acl: string; key: string | null }>(
    client,
    `
    select c.relname as name, pg_get_userbyid(c.relowner) as owner, to_jsonb(coalesce(c.relacl::text[], array[]::text[]))::text as acl,
      (select json_agg(a.attname order by k.n) from pg_index i, unnest(i.indkey::int2[]) with ordinality k(attnum, n)
        join pg_attribute a on a.attnum = k.attnum where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid)::text as key
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relkind in ('r', 'p') and ($2::text[] is null or c.relname = any($2::text[])) order by c.relname collate "C"`,
    [schema, own ?? null],
  );
  if (own && !listed.length) return { exists: false, owner: null, grants: [], tables: [] };
  const tables: TableManifest[] = [];
  for (const { name, owner, acl, key } of listed) {
    const path = quotePath(schema, name);
    const order = key ? quoteList(JSON.parse(key) as string[]) : '(t.*)::text';
    const { sha256 } = await digestCopy(
      client,
      `copy (select * from ${path} t order by ${order}) to stdout with (format binary)`,
    );
    const [count] = await textRows<{ rows: string }>(client, `select count(*)::text as rows from ${path}`);
    tables.push({ table: name, rows: String(count?.rows), sha256, owner, grants: JSON.parse(acl) as string[] });
  }
  // Owner and grants of a schema that others use too are not the profile's.
  return own
    ? { exists: true, owner: null, grants: [], tables }
    : { exists: true, owner: head.owner, grants: JSON.parse(head.acl) as string[], tables };
}

async function digestCopy(client: pg.Client, sql: string): Promise<{ sha256: string }> {
  const hash = createHash('sha256');
  for await (const piece of client.query(copyTo(sql))) hash.update(piece as Buffer);
  return { sha256: hash.digest('hex') };
}

export type RowsPlace = { schema: string; table: string; keyColumn: string };

/** The tables in which the profile has rows among others: registry and shared ones. */
export const rowsPlaces = ({ registry, sharedTables }: TargetPlace): RowsPlace[] => [
  ...(registry ? [{ schema: registry.schema, table: registry.table, keyColumn: registry.keyColumn }] : []),
  ...sharedTables.map(({ schema, table, keyColumn }) => ({ schema, table, keyColumn })),
];

/** The profile's rows of such a table as COPY text; null when the table does not exist. */
export async function readOwnRows(
  client: pg.Client,
  place: RowsPlace,
  sourceId: string,
): Promise<{ columns: string[]; rows: string; text: Buffer } | null> {
  const columns = (
    await textRows<{ name: string }>(
      client,
      `
    select a.attname as name from pg_attribute a where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum`,
      [quotePath(place.schema, place.table)],
    )
  ).map(({ name }) => name);
  if (!columns.length) return null;
  const select = `select ${quoteList(columns)} from ${quotePath(place.schema, place.table)} where ${quoteIdent(place.keyColumn)} = ${quoteText(sourceId)}`;
  const pieces: Buffer[] = [];
  for await (const piece of client.query(copyTo(`copy (${select} order by 1) to stdout`))) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces);
  return { columns, rows: String(text.filter((byte) => byte === 10).length), text };
}

/** What differs from the manifest, in words; empty = equal in rows, bytes, owners and grants. */
export function contentProblems(manifest: TargetManifest, now: SchemaContent): string[] {
  if (manifest.absent) return now.exists ? [`schema ${manifest.schema} exists; it was absent`] : [];
  if (!now.exists) return [`schema ${manifest.schema} does not exist`];
  const problems: string[] = [];
  if (now.owner !== manifest.owner)
    problems.push(`schema ${manifest.schema} belongs to ${now.owner}, was ${manifest.owner}`);
  if (!sameGrants(now.grants, manifest.grants)) problems.push(`grants on schema ${manifest.schema} differ`);
  for (const wanted of manifest.tables) {
    const found = now.tables.find(({ table }) => table === wanted.table);
    if (!found) problems.push(`table ${wanted.table} is missing`);
    else if (found.rows !== wanted.rows) problems.push(`${wanted.table} has ${found.rows} rows, had ${wanted.rows}`);
    else if (found.sha256 !== wanted.sha256) problems.push(`${wanted.table} has other content`);
    else if (found.owner !== wanted.owner)
      problems.push(`${wanted.table} belongs to ${found.owner}, was ${wanted.owner}`);
    else if (!sameGrants(found.grants, wanted.grants)) problems.push(`grants on ${wanted.table} differ`);
  }
  for (const { table } of now.tables)
    if (!manifest.tables.some((one) => one.table === table)) problems.push(`table ${table} was not there`);
  return problems;
}

const sameGrants = (a: readonly string[], b: readonly string[]): boolean =>
  JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
