import type pg from 'pg';
import { acceptedTypesSql, compareSoFar, compareTargets, readRegistry, readTarget } from '@/lib/dataplane';
import type { CheckpointResult } from '@/lib/shared/evidence';
import type { StepContext } from '@/lib/steps/step';
import { checkpoint } from './checkpoint';
import { alterStatements, type Contract, readContractTarget } from './contract';
import { isDesigned } from './designed';
import { placeOf } from './places';

export type Mapping = {
  /** Schema that the registry gives this source id; null = no row (or no registry in the fleet file). */
  registered: string | null;
  /** Another source id to which the registry gives our schema. */
  takenBy: string | null;
  schemaExists: boolean;
  tables: string[];
  fingerprint: string;
  /** Against the contract or the design, in words; empty = equal. Null without either. */
  differences: string[] | null;
};

/** Where the profile stands in the target: registry row, schema, tables, contract. */
export async function readMapping(ctx: StepContext, client: pg.Client, contract: Contract | null): Promise<Mapping> {
  const place = placeOf(ctx);
  const registry = place.registry ? await readRegistry(client, place).catch(noRegistry) : [];
  const target = await readTarget(client, place);
  return {
    registered: registry.find((row) => row.sourceId === place.sourceId)?.schema ?? null,
    takenBy: registry.find((row) => row.schema === place.schema && row.sourceId !== place.sourceId)?.sourceId ?? null,
    schemaExists: target.exists,
    tables: target.tables.filter((table) => table.schema === place.schema).map(({ name }) => name),
    fingerprint: target.fingerprint,
    differences: !target.exists
      ? null
      : contract
        ? await differencesNow(ctx, client, contract)
        : isDesigned(ctx)
          ? await compareSoFar(client, place)
          : null,
  };
}

/** A registry table that does not exist yet holds no row. */
function noRegistry(thrown: unknown): [] {
  if (
    (thrown as { cause?: { code?: string }; code?: string }).code === '42P01' ||
    (thrown as { cause?: { code?: string } }).cause?.code === '42P01'
  )
    return [];
  throw thrown;
}

/** Columns that a chosen rule has widened are as expected, and so are foreign keys that the import has validated. */
async function differencesNow(ctx: StepContext, client: pg.Client, contract: Contract): Promise<string[]> {
  const place = placeOf(ctx);
  const actual = await readTarget(client, place);
  const expected = await readContractTarget(client, place, contract);
  const differences = compareTargets(expected, actual);
  if (!differences.length) return [];
  const altered = [...acceptedTypesSql(expected, actual, ctx.rules()), ...alterStatements(ctx, expected)];
  const validated = expected.tables.flatMap((table) =>
    table.foreignKeys
      .filter(
        (key) =>
          !key.validated &&
          actual.tables.find(({ name }) => name === table.name)?.foreignKeys.find(({ name }) => name === key.name)
            ?.validated,
      )
      .map(
        (key) =>
          `alter table ${quoted(table.schema, table.name)} validate constraint "${key.name.replaceAll('"', '""')}"`,
      ),
  );
  if (!altered.length && !validated.length) return differences;
  return compareTargets(await readContractTarget(client, place, contract, [...altered, ...validated]), actual);
}

const quoted = (...names: string[]): string => names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.');

export const isValid = (ctx: StepContext, mapping: Mapping): boolean =>
  (placeOf(ctx).registry === null || mapping.registered === placeOf(ctx).schema) &&
  mapping.takenBy === null &&
  mapping.schemaExists &&
  mapping.tables.length > 0 &&
  (mapping.differences === null || mapping.differences.length === 0);

const comparedWith = {
  contract: { of: 'the system itself expects', equal: 'tables, columns, keys and indexes equal the contract' },
  design: {
    of: 'was designed from the source',
    equal: 'tables and columns equal the design, keys and indexes as far as they are built',
  },
};

/** The claims of a valid mapping. `queried` says what reading each table brought. */
export function mappingCheckpoints(
  ctx: StepContext,
  mapping: Mapping,
  queried: { table: string; error: string | null }[],
): CheckpointResult[] {
  const place = placeOf(ctx);
  const broken = queried.filter((one) => one.error);
  const against = isDesigned(ctx) ? comparedWith.design : comparedWith.contract;
  return [
    ...(place.registry
      ? [
          checkpoint(
            'registry',
            'The registry maps the source id to its schema',
            mapping.registered === place.schema && mapping.takenBy === null,
            {
              summary: mapping.takenBy
                ? `${place.schema} belongs to ${mapping.takenBy}`
                : mapping.registered
                  ? `${place.sourceId} → ${mapping.registered}`
                  : 'no row for this source id',
              probes: [
                {
                  what: `${place.registry.schema}.${place.registry.table}`,
                  text: `select ${place.registry.schemaColumn} from ${place.registry.schema}.${place.registry.table} where ${place.registry.keyColumn} = $1`,
                  expected: place.schema,
                  got: mapping.registered ?? 'no row',
                  passed: mapping.registered === place.schema,
                },
              ],
            },
          ),
        ]
      : []),
    checkpoint(
      'queryable',
      'The schema exists and every table can be read',
      mapping.schemaExists && queried.length > 0 && broken.length === 0,
      {
        summary: mapping.schemaExists
          ? `${queried.length} tables${broken.length ? `; cannot be read: ${broken.map((one) => `${one.table} (${one.error})`).join(', ')}` : ''}`
          : `${place.schema} does not exist`,
      },
    ),
    ...(mapping.differences === null
      ? []
      : [
          checkpoint('contract', `The tables are what ${against.of}`, mapping.differences.length === 0, {
            summary: mapping.differences.length ? mapping.differences.slice(0, 5).join('; ') : against.equal,
            table: { columns: ['Difference'], rows: mapping.differences.slice(0, 50).map((text) => [text]) },
            digests: [{ of: 'schema', sha256: mapping.fingerprint }],
          }),
        ]),
  ];
}

/** Reads no row of each table, which still needs the table and the right to read it. */
export async function queryTables(
  client: pg.Client,
  schema: string,
  tables: string[],
): Promise<{ table: string; error: string | null }[]> {
  const results = [];
  for (const table of tables) {
    const error = await client.query(`select * from ${quoted(schema, table)} limit 0`).then(
      () => null,
      (thrown: Error) => thrown.message,
    );
    results.push({ table, error });
  }
  return results;
}
