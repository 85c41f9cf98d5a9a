import { z } from 'zod';
import { findTool, type TargetPlace, withTarget } from '@/lib/dataplane';
import { parseDsn } from '@/lib/dataplane/connect-target';
import { CutoverError } from '@/lib/errors';
import type { StepContext } from '@/lib/steps/step';
import { contractOf, renderDdl } from './contract';
import { dsnOf, placeOf, stepsOf } from './places';

const name = z.string().regex(/^[a-z][a-z0-9_]*$/, 'lower case, digits, underscores');
const number = z.union([z.number().int(), z.string()]).transform(String);

export const rehearsalParams = z.strictObject({
  /** Added to the profile's schema name; the rehearsal has that schema to itself. */
  schema_suffix: z
    .string()
    .regex(/^[a-z0-9_]+$/)
    .default('_rehearsal'),
  /** Command of the service (fleet file) that rehearses by itself. Without it the console seeds, dumps, drops and restores. */
  command: z.string().optional(),
  timeout_seconds: z.number().positive().max(3600).default(300),
  /** DDL file of the tables (lib/runbooks/contracts). */
  contract: z.string().optional(),
  /** Statements that fill them; `${schema}` inside quotes is the rehearsal schema. */
  seed: z.array(z.string().min(1)).default([]),
  /** Name → statement that answers one number. */
  counts: z.record(name, z.string().min(1)).default({}),
  /** What the printed result must say, by key: every count, and what else the command prints. */
  expect: z.record(name, number).default({}),
  /** An earlier rehearsal of this runbook: what is not said here is as there, and the numbers must be the same. */
  equals: z.string().optional(),
  /** Keeps the result under this name, for cutovers that require it. */
  record: z.string().optional(),
});
export type RehearsalParams = z.infer<typeof rehearsalParams>;

/** What a kept rehearsal was made with; a runbook that requires it names the parts that must still be the same. */
export const madeWith = ['tools', 'server_version', 'contract', 'database'] as const;
export type MadeWith = Record<(typeof madeWith)[number], string>;
export type RehearsalRecord = MadeWith & {
  /** A rehearsal that failed is the newest record all the same. */
  passed: boolean;
  at: string;
  schema: string;
  backup_file: string;
  result: Record<string, string>;
};

/** The parameters with what the named earlier rehearsal says. @throws CutoverError runbook_invalid */
export function wholeParams(ctx: StepContext, own: RehearsalParams): RehearsalParams {
  const { equals } = own;
  if (!equals) return complete(ctx, own);
  const earlier = stepsOf(ctx).find(({ id, kind }) => id === equals && kind === ctx.step.kind);
  if (!earlier)
    throw new CutoverError({
      code: 'runbook_invalid',
      message: `Step ${ctx.step.id} must equal ${equals}, which is no ${ctx.step.kind} of this runbook.`,
      advice: 'Name an earlier rehearsal in equals.',
    });
  const { equals: _, record: __, command: ___, ...said } = earlier.params;
  return complete(ctx, rehearsalParams.parse({ ...said, ...ctx.step.params }));
}

/** A number that nobody expects would be printed and never compared. */
function complete(ctx: StepContext, params: RehearsalParams): RehearsalParams {
  const silent = Object.keys(params.counts).filter((one) => params.expect[one] === undefined);
  if (Object.keys(params.counts).length && !silent.length) return params;
  throw new CutoverError({
    code: 'runbook_invalid',
    message: silent.length
      ? `Step ${ctx.step.id} counts ${silent.join(', ')} and does not say what to expect.`
      : `Step ${ctx.step.id} counts nothing, so that it could not fail.`,
    advice: 'Give every count its number in expect.',
  });
}

export const rehearsalPlace = (ctx: StepContext, { schema_suffix: suffix }: RehearsalParams): TargetPlace => {
  const { renames: _, ...place } = placeOf(ctx);
  return { ...place, schema: `${place.schema}${suffix}`, registry: null, sharedTables: [] };
};

/** Tables and rows of the rehearsal, as statements. */
export function seedStatements(ctx: StepContext, params: RehearsalParams): string[] {
  const { schema } = rehearsalPlace(ctx, params);
  const seed = params.seed.flatMap((statement) => renderDdl(statement, schema));
  const contract = contractOf({ ...ctx, profile: withSchema(ctx, schema) }, params.contract);
  return [...(contract?.statements ?? [`create schema "${schema.replaceAll('"', '""')}"`]), ...seed];
}

const withSchema = ({ profile }: StepContext, schema: string) => ({
  ...profile,
  target: { ...profile.target, schema },
});

/** With what a rehearsal or a restore is made now: tools, server, DDL, database. */
export async function madeWithNow(ctx: StepContext, contract?: string): Promise<MadeWith> {
  const { host, port, database } = parseDsn(dsnOf(ctx));
  const server = await withTarget(
    dsnOf(ctx),
    async (client) => (await client.query<{ server_version: string }>('show server_version')).rows[0]?.server_version,
    { readOnly: true, signal: ctx.signal },
  );
  const tools = await Promise.all((['pg_dump', 'pg_restore'] as const).map((tool) => findTool(tool)));
  const ddl = contractOf(ctx, contract);
  return {
    tools: tools.map(({ tool, version }) => `${tool} ${version}`).join(', '),
    server_version: server ?? 'unknown',
    contract: ddl ? `${ddl.name} ${ddl.digest}` : 'none',
    database: `${database} at ${host}:${port}`,
  };
}

/** `key=value` lines; others are words. */
export const readResult = (text: string): Record<string, string> =>
  Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const found = /^([a-z][a-z0-9_]*)=(.*)$/.exec(line.trim());
      return found ? [[found[1] as string, found[2] as string]] : [];
    }),
  );

export const resultLines = (result: Record<string, string>): string[] =>
  Object.entries(result).map(([key, value]) => `${key}=${value}`);
