import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import {
  alterSql,
  planTables,
  quoteIdent,
  readSource,
  readTargetOfDdl,
  type TargetPlace,
  type TargetSchema,
} from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import type { StepContext } from '@/lib/steps/step';
import { liveSource, placeOf, scopeOf, stepsOf } from './places';

export type Contract = {
  name: string;
  statements: string[];
  digest: string;
  /** The statements for another schema. */
  inSchema(schema: string): string[];
};

/** The tables the system itself expects, as its DDL: a file of lib/runbooks/contracts, statements parted by an empty line. */
export function contractOf(ctx: StepContext, named?: string): Contract | null {
  const name =
    named ??
    stepsOf(ctx)
      .map((step) => step.params.contract)
      .find((value): value is string => typeof value === 'string');
  if (!name) return null;
  const file = path.resolve(process.env.CUTOVER_RUNBOOKS ?? 'lib/runbooks', 'contracts', `${path.basename(name)}.sql`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new CutoverError(
      {
        code: 'runbook_invalid',
        message: `The contract ${name} of the runbook is not at ${file}.`,
        advice: 'Put the DDL of the system there, or correct the name in the runbook.',
      },
      { cause: thrown },
    );
  }
  return {
    name,
    statements: renderDdl(text, ctx.profile.target.schema),
    digest: createHash('sha256').update(text).digest('hex'),
    inSchema: (schema) => renderDdl(text, schema),
  };
}

/** `${schema}` inside a quoted identifier becomes the schema's name; comment lines go. */
export const renderDdl = (text: string, schema: string): string[] =>
  text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('--'))
    .join('\n')
    .split(/\n\s*\n/)
    .map((statement) => statement.trim().replace(/;$/, '').replaceAll('${schema}', schema.replaceAll('"', '""')))
    .filter(Boolean);

/**
 * The target as the contract makes it, also when the schema exists: an existing one is set aside inside the same
 * transaction, which is always rolled back.
 */
export async function readContractTarget(
  client: pg.Client,
  place: TargetPlace,
  contract: Contract,
  more: readonly string[] = [],
): Promise<TargetSchema> {
  if (place.tables) return readSharedContract(client, place, contract, more);
  const { rows } = await client.query<{ there: string }>(
    'select exists (select from pg_namespace where nspname = $1) as there',
    [place.schema],
  );
  const aside = `cutover_aside_${createHash('sha256').update(place.schema).digest('hex').slice(0, 12)}`;
  const before =
    rows[0]?.there === 't' ? [`alter schema ${quoteIdent(place.schema)} rename to ${quoteIdent(aside)}`] : [];
  return readTargetOfDdl(client, place, [...before, ...contract.statements, ...more]);
}

/**
 * In a schema that others use too, nothing is set aside: the contract is made under a name of its own, in a transaction that is
 * rolled back, and read as if it had the schema's.
 */
async function readSharedContract(
  client: pg.Client,
  place: TargetPlace,
  contract: Contract,
  more: readonly string[],
): Promise<TargetSchema> {
  const apart = `cutover_expected_${createHash('sha256').update(place.schema).digest('hex').slice(0, 12)}`;
  const quoted = quoteIdent(place.schema);
  const shown = /^[a-z_][a-z0-9_$]*$/.test(place.schema) ? place.schema : quoted;
  const elsewhere = more.map((sql) => sql.replaceAll(`${quoted}.`, `${quoteIdent(apart)}.`));
  const read = await readTargetOfDdl(client, { ...place, schema: apart }, [...contract.inSchema(apart), ...elsewhere]);
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return value === apart ? place.schema : value.replaceAll(apart, shown);
    if (Array.isArray(value)) return value.map(walk);
    if (value && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member)]));
    return value;
  };
  return walk(read) as TargetSchema;
}

/** Column types that chosen rules widen, as ALTER statements. */
export function alterStatements(ctx: StepContext, expected: TargetSchema): string[] {
  const scope = scopeOf(ctx);
  const plan = planTables(readSource(liveSource(ctx), scope), expected, scope, placeOf(ctx), ctx.rules());
  return plan.tables.flatMap((mapping) => alterSql(mapping, expected));
}
