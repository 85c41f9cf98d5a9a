import { z } from 'zod';
import { createDesigned, designDigest, quoteIdent, withTarget } from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import { headersOfProfile } from '@/lib/fleet/secret-names';
import { callService } from '@/lib/services/http';
import { runArgv } from '@/lib/services/restart';
import { withShadow } from '@/lib/services/shadow';
import { commandArgv, commandCwd, commandEnv } from '@/lib/services/service-command';
import type { PlanLine } from '@/lib/shared/evidence';
import type { StepContext } from '@/lib/steps/step';
import { contractOf } from './contract';
import { designOf, isDesigned } from './designed';
import { dsnOf, firstService, headersOf, placeOf, renameParams, secretOf } from './places';

export const bootstrapParams = z.strictObject({
  /** start: the service makes its tables at its own start, so a shadow of it is started in the target mode. */
  via: z.enum(['builtin', 'api', 'cli', 'start']),
  /** builtin: `source` designs the tables from the source itself; a contract, where one is named, is the authority. */
  schema_from: z.enum(['contract', 'source']).default('contract'),
  /** Names that differ in the target, by the source's names. */
  renames: renameParams.optional(),
  /** cli: name of the service's command. */
  command: z.string().optional(),
  /** api: the process that is asked. Many services make a schema only when they run in the target mode: a shadow does. */
  on: z.enum(['service', 'shadow']).default('service'),
  /** api: a mapped source id of the same system, in whose name the call is made; some answer no request of an unmapped one. */
  as_source: z.string().optional(),
  /** Makes again only a missing or invalid mapping. */
  only_if_invalid: z.boolean().default(false),
  /** Name of the contract; default: the one of preflight. */
  contract: z.string().optional(),
});
export type BootstrapParams = z.infer<typeof bootstrapParams>;

const commandOf = (params: BootstrapParams): string => params.command ?? 'bootstrap';
const namesOf = (ctx: StepContext) => ({
  source_id: ctx.profile.source_id,
  schema: ctx.profile.target.schema,
});

/** How the schema will be made, as plan lines. */
export function makeLines(ctx: StepContext, params: BootstrapParams): PlanLine[] {
  if (params.via === 'start') return [startLine(ctx)];
  if (params.via === 'cli') {
    const service = firstService(ctx);
    return [
      {
        type: 'command',
        on: 'service',
        effect: 'write',
        does: `Runs ${commandOf(params)} of the system; it is safe to repeat.`,
        text: commandArgv(service, commandOf(params), namesOf(ctx)).join(' '),
      },
    ];
  }
  if (params.via === 'api') {
    const service = firstService(ctx);
    const call = apiCall(ctx);
    return [
      {
        type: 'http',
        on: 'service',
        effect: 'write',
        does: `Calls the bootstrap of the service${params.on === 'shadow' ? `, on a shadow of it in ${ctx.runbook.to}` : ''}${params.as_source ? `, in the name of ${params.as_source}` : ''}; it is safe to repeat.`,
        text: `${call.method} ${params.on === 'shadow' ? '(shadow)' : service.instances[0]}${call.path} ${JSON.stringify(call.json ?? {})}`,
      },
    ];
  }
  const designed = isDesigned(ctx) ? designOf(ctx, ctx.rules()).create : [];
  return [...designed, ...builtinStatements(ctx, params)].map(
    (text): PlanLine => ({
      type: 'sql',
      on: 'target',
      effect: 'write',
      does: designed.length
        ? 'Makes the default target of the source; keys and indexes follow when the rows are in.'
        : 'Makes what the contract names.',
      text,
    }),
  );
}

/** Makes the schema by the command, the API or the contract; each is safe to repeat. */
export async function makeSchema(ctx: StepContext, params: BootstrapParams): Promise<void> {
  if (params.via === 'cli') {
    const service = firstService(ctx);
    const argv = commandArgv(service, commandOf(params), namesOf(ctx));
    const ended = await runArgv(argv, {
      cwd: commandCwd(service),
      env: commandEnv(service, commandOf(params), secretOf(ctx)),
      seconds: ctx.step.limit_seconds,
      signal: ctx.signal,
      onLine: (line, stream) => ctx.log(stream === 'err' ? 'warn' : 'info', line),
    });
    if (ended.code !== 0)
      throw failed(`${commandOf(params)} ended with ${ended.code}: ${ended.output.trim().slice(-400) || 'no output'}`);
  } else if (params.via === 'start') {
    const headers = headersOf(ctx);
    const { signal, workDir, profile } = ctx;
    const sourceId = profile.source_id;
    const shadow = { mode: ctx.runbook.to, headers, sourceId, workDir, secret: secretOf(ctx), signal };
    await withShadow(firstService(ctx), shadow, async ({ url }) => ctx.log('info', `Started once at ${url}.`));
  } else if (params.via === 'api') {
    const service = firstService(ctx);
    const headers = callerHeaders(ctx, params);
    if (params.on === 'service') return callBootstrap(ctx, service.instances[0] ?? '', headers);
    const { signal, workDir } = ctx;
    const sourceId = ctx.profile.source_id;
    const shadow = { mode: ctx.runbook.to, headers, sourceId, workDir, secret: secretOf(ctx), signal };
    await withShadow(service, shadow, ({ url }) => callBootstrap(ctx, url, headers)).catch(asUnmapped(params));
  } else {
    await withTarget(
      dsnOf(ctx),
      async (client) => {
        if (isDesigned(ctx)) {
          const design = designOf(ctx, ctx.rules());
          await ctx.state.set('design', designDigest(design));
          await createDesigned(client, placeOf(ctx), design);
        }
        await client.query('begin');
        for (const statement of builtinStatements(ctx, params)) await client.query(statement);
        await client.query('commit');
      },
      { signal: ctx.signal },
    );
  }
}

/** A service may know a source only once it is mapped, and so answer nothing in the name of a new one. */
const asUnmapped =
  ({ as_source: asSource }: BootstrapParams) =>
  (thrown: unknown): never => {
    if (asSource !== undefined || !(thrown instanceof CutoverError) || thrown.code === 'attempt_lost') throw thrown;
    throw failed(
      `${thrown.message} A source that is not mapped yet may not ask for its own schema: name a mapped one in as_source, or bootstrap via cli`,
    );
  };

function startLine(ctx: StepContext): PlanLine {
  const service = firstService(ctx);
  return {
    type: 'command',
    on: 'service',
    effect: 'write',
    does: `Starts a shadow of ${service.name} in ${ctx.runbook.to} once; its start makes the tables that it works with. It is stopped at once.`,
    text: service.shadow?.argv.join(' ') ?? '',
  };
}

async function callBootstrap(ctx: StepContext, url: string, headers: Record<string, string>): Promise<void> {
  const answer = await callService(url, { ...apiCall(ctx), headers }, { timeoutMs: 30_000, signal: ctx.signal });
  ctx.log('info', `status ${answer.status}: ${answer.text.slice(0, 400)}`);
  if (answer.status < 200 || answer.status >= 300)
    throw failed(`The service answered ${answer.status}: ${answer.text.slice(0, 300)}`);
}

function callerHeaders(ctx: StepContext, { as_source: asSource }: BootstrapParams): Record<string, string> {
  if (asSource === undefined) return headersOf(ctx);
  const caller = ctx.system.profiles.find((profile) => profile.source_id === asSource);
  if (!caller) throw failed(`bootstrap names as_source ${asSource}, which is no profile of ${ctx.system.name}`);
  return headersOfProfile(caller, secretOf(ctx));
}

function apiCall(ctx: StepContext) {
  const call = firstService(ctx).admin?.bootstrap;
  if (!call) throw failed('The service has no admin.bootstrap in the fleet file');
  const json = JSON.parse(JSON.stringify(call.json ?? {}), (_, value) =>
    typeof value === 'string'
      ? value.replaceAll('${source_id}', ctx.profile.source_id).replaceAll('${schema}', ctx.profile.target.schema)
      : value,
  ) as unknown;
  return { method: call.method, path: call.path, json };
}

/** The contract's DDL and the registry row. CREATE SCHEMA and CREATE TABLE are made safe to repeat. */
function builtinStatements(ctx: StepContext, params: BootstrapParams): string[] {
  const contract = isDesigned(ctx) ? null : contractOf(ctx, params.contract);
  if (!contract && !isDesigned(ctx)) throw failed('bootstrap via builtin needs a contract in the runbook');
  const { registry, sourceId, schema } = placeOf(ctx);
  const ddl = (contract?.statements ?? []).map((text) =>
    text.replace(/^create (schema|table|index) (?!if not exists)/i, 'create $1 if not exists '),
  );
  const guarded = ddl.map((text) =>
    /^alter table .* add constraint/is.test(text)
      ? `do $cutover$ begin ${text}; exception when duplicate_object then null; end $cutover$`
      : text,
  );
  if (!registry) return guarded;
  const times = [registry.createdColumn, registry.updatedColumn].filter((name): name is string => name !== null);
  const now = 'to_char(now() at time zone \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"\')';
  const columns = [registry.keyColumn, registry.schemaColumn, ...times].map(quoteIdent).join(', ');
  const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  return [
    ...guarded,
    `insert into ${quoteIdent(registry.schema)}.${quoteIdent(registry.table)} (${columns}) values (${[literal(sourceId), literal(schema), ...times.map(() => now)].join(', ')}) on conflict (${quoteIdent(registry.keyColumn)}) do nothing`,
  ];
}

export const failed = (why: string): CutoverError =>
  new CutoverError({
    code: 'contract_differs',
    message: `${why}.`,
    advice: 'Read the log of the attempt, mend the cause and retry; the step is safe to repeat.',
    retry: 'later',
  });
