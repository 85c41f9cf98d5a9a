import { createHash } from 'node:crypto';
import type pg from 'pg';
import { runTogether, textRows } from './connect-target';
import { quoteIdent } from '@/lib/sources/quote';
import { rolledBack } from './rolled-back';
import { checkSql, columnSql, foreignKeySql, indexSql, tableSql, triggerSql } from './catalog-sql';
import type { TargetColumn, TargetPlace, TargetSchema, TargetTable } from './types';

type Row = Record<string, string | null>;

/** The profile's schema and its shared tables, as the catalog has them. Names in order, JSON only. */
export async function readTarget(client: pg.Client, place: TargetPlace): Promise<TargetSchema> {
  const [head] = await textRows<Row>(
    client,
    `select pg_get_userbyid(nspowner) as owner from pg_namespace where nspname = $1`,
    [place.schema],
  );
  const [server] = await textRows<Row>(client, `select current_setting('server_version_num') as version`);
  const shared = place.sharedTables.map(({ schema, table }) => JSON.stringify([schema, table]));
  const all = await textRows<Row>(client, tableSql, [
    place.schema,
    JSON.stringify(shared.map((text) => JSON.parse(text))),
  ]);
  const isOwn = ({ schema, name }: Row) =>
    schema === place.schema && (!place.tables || place.tables.includes(name ?? ''));
  const listed = all.filter((row) => row.schema !== place.schema || isOwn(row));
  const oids = `{${listed.map(({ oid }) => oid).join(',')}}`;
  const parts = {
    columns: group(await textRows<Row>(client, columnSql, [oids])),
    indexes: group(await textRows<Row>(client, indexSql, [oids])),
    foreignKeys: group(await textRows<Row>(client, foreignKeySql, [oids])),
    checks: group(await textRows<Row>(client, checkSql, [oids])),
    triggers: group(await textRows<Row>(client, triggerSql, [oids])),
  };
  const tables = listed.map((row) => tableOf(row, parts));
  return {
    schema: place.schema,
    // Of a schema that others use too, the profile's part exists with its first table.
    exists: head !== undefined && (!place.tables || listed.some(isOwn)),
    owner: head?.owner ?? null,
    tables,
    fingerprint: fingerprintOf(tables),
    serverVersion: Number(server?.version),
  };
}

/** SHA-256 of what an application can see; owners are left out. */
export const fingerprintOf = (tables: readonly TargetTable[]): string =>
  createHash('sha256')
    .update(JSON.stringify(tables.map(({ owner: _, ...table }) => table)))
    .digest('hex');

/** The schema that this DDL would make: it is run in a transaction that is rolled back, under the place's own schema name. */
export async function readTargetOfDdl(
  client: pg.Client,
  place: TargetPlace,
  ddl: readonly string[],
): Promise<TargetSchema> {
  return rolledBack(client, async () => {
    await client.query(`set local search_path = ${quoteIdent(place.schema)}, public`);
    await runTogether(client, ddl);
    await client.query('set local search_path = pg_catalog');
    return readTarget(client, place);
  });
}

function group(rows: Row[]): Map<string, Row[]> {
  const byTable = new Map<string, Row[]>();
  for (const row of rows) byTable.set(row.oid as string, [...(byTable.get(row.oid as string) ?? []), row]);
  return byTable;
}

const names = (text: string | null): string[] => JSON.parse(text ?? '[]') as string[];

function tableOf(
  row: Row,
  parts: Record<'columns' | 'indexes' | 'foreignKeys' | 'checks' | 'triggers', Map<string, Row[]>>,
): TargetTable {
  const of = (part: keyof typeof parts) => parts[part].get(row.oid as string) ?? [];
  const keys = of('indexes').filter((index) => index.plain_unique === 't');
  return {
    schema: row.schema as string,
    name: row.name as string,
    owner: row.owner as string,
    columns: of('columns').map(columnOf),
    primaryKey: names(of('indexes').find((index) => index.is_primary === 't')?.columns ?? null),
    uniqueKeys: keys.map((index) => ({
      name: index.name as string,
      columns: names(index.columns ?? null),
      nullsDistinct: index.nulls_distinct === 't',
    })),
    foreignKeys: of('foreignKeys').map((key) => ({
      name: key.name as string,
      columns: names(key.columns ?? null),
      schema: key.ref_schema as string,
      table: key.ref_table as string,
      references: names(key.refs ?? null),
      validated: key.validated === 't',
      deferrable: key.deferrable === 't',
      definition: key.definition as string,
    })),
    indexes: of('indexes').map((index) => ({
      name: index.name as string,
      definition: index.definition as string,
      columns: names(index.columns ?? null),
    })),
    checks: of('checks').map((check) => ({ name: check.name as string, definition: check.definition as string })),
    triggers: of('triggers').map((trigger) => ({
      name: trigger.name as string,
      definition: trigger.definition as string,
      changesLoad: trigger.changes_load === 't',
    })),
  };
}

function columnOf(row: Row): TargetColumn {
  const mod = Number(row.typmod);
  const type = row.is_enum === 't' ? 'enum' : (row.type as string);
  const sized = mod >= 4;
  return {
    name: row.name as string,
    type,
    typeText: row.type_text as string,
    maxChars: sized && (type === 'varchar' || type === 'bpchar') ? mod - 4 : null,
    precision: sized && type === 'numeric' ? ((mod - 4) >> 16) & 0xffff : null,
    scale: sized && type === 'numeric' ? (((mod - 4) & 0x7ff) ^ 1024) - 1024 : null,
    notNull: row.not_null === 't',
    defaultSql: row.default_sql ?? null,
    identity: row.identity !== '',
    generated: row.generated !== '',
    sequence: row.sequence ?? null,
  };
}
