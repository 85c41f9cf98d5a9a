import type pg from 'pg';
import { quoteIdent, quotePath } from '@/lib/sources/quote';
import { textRows } from './connect-target';
import { finding } from './findings';
import { ledgerPrefix } from './ledger-schema';
import type { Finding, TargetPlace } from './types';

const reserved = new Set(['public', 'information_schema', 'pg_catalog', 'pg_toast']);

/** Trouble with a derived schema name that needs no database: 63 bytes, reserved, control characters. */
export function staticNameFindings({ schema, sourceId, tables }: TargetPlace): Finding[] {
  const findings: Finding[] = [];
  const bytes = Buffer.byteLength(schema);
  if (bytes > 63 || !schema)
    findings.push(
      finding({
        code: 'schema_name_too_long',
        table: schema,
        message: `The schema name ${schema} has ${bytes} bytes; PostgreSQL takes 1 to 63 and would cut it silently.`,
        sample: [{ key: sourceId, value: schema }],
      }),
    );
  const mayBePublic = schema === 'public' && tables !== undefined;
  if (
    (reserved.has(schema) && !mayBePublic) ||
    schema.startsWith('pg_') ||
    schema.startsWith(ledgerPrefix) ||
    /[\p{Cc}\p{Cs}]/u.test(schema)
  )
    findings.push(
      finding({
        code: 'schema_name_reserved',
        table: schema,
        message: `The schema name ${schema} is reserved or holds control characters.`,
        sample: [{ key: sourceId, value: schema }],
      }),
    );
  return findings;
}

/** The same, and whether the registry gives the name to another source_id. */
export async function schemaNameFindings(client: pg.Client, place: TargetPlace): Promise<Finding[]> {
  const findings = staticNameFindings(place);
  const taken = (await readRegistry(client, place)).filter(
    ({ sourceId, schema }) => schema === place.schema && sourceId !== place.sourceId,
  );
  for (const { sourceId } of taken)
    findings.push(
      finding({
        code: 'schema_name_taken',
        table: place.schema,
        message: `The schema ${place.schema} belongs to ${sourceId} in the registry; ${place.sourceId} derives the same name.`,
        sample: [{ key: sourceId, value: place.schema }],
      }),
    );
  return findings;
}

/** All mappings of the registry; empty when the registry does not exist yet. */
export async function readRegistry(
  client: pg.Client,
  { registry }: TargetPlace,
): Promise<{ sourceId: string; schema: string; schemaExists: boolean }[]> {
  if (!registry) return [];
  const [there] = await textRows<{ there: string | null }>(client, 'select to_regclass($1)::text as there', [
    quotePath(registry.schema, registry.table),
  ]);
  if (!there?.there) return [];
  const rows = await textRows<{ source_id: string; schema_name: string; there: string }>(
    client,
    `
    select r.${quoteIdent(registry.keyColumn)}::text as source_id, r.${quoteIdent(registry.schemaColumn)}::text as schema_name,
      exists (select 1 from pg_namespace n where n.nspname = r.${quoteIdent(registry.schemaColumn)}::text) as there
    from ${quotePath(registry.schema, registry.table)} r order by 1`,
  );
  return rows.map((row) => ({ sourceId: row.source_id, schema: row.schema_name, schemaExists: row.there === 't' }));
}
