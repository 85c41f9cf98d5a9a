import { z } from 'zod';
import { quoteIdent, withTarget } from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import type { PlanLine } from '@/lib/shared/evidence';
import { callService } from '@/lib/services/http';
import { serviceEnv } from '@/lib/services/managed-process';
import { observeInstance } from '@/lib/services/observe-instance';
import { runArgv } from '@/lib/services/restart';
import { commandArgv, commandCwd } from '@/lib/services/service-command';
import { contractOf } from './parts/contract';
import { isValid, mappingCheckpoints, queryTables, readMapping } from './parts/mapping';
import { dsnOf, firstService, placeOf, secretOf } from './parts/places';
import type { MachineStep, StepContext } from './step';

const params = z.strictObject({
  via: z.enum(['builtin', 'api', 'cli']),
  /** cli: name of the service's command. */
  command: z.string().optional(),
  /** Makes again only a missing or invalid mapping. */
  only_if_invalid: z.boolean().default(false),
  /** Name of the contract; default: the one of preflight. */
  contract: z.string().optional(),
});
type Params = z.infer<typeof params>;
type Before = { registered: boolean; schemaExists: boolean };

const commandOf = (params: Params): string => params.command ?? 'bootstrap';
const namesOf = (ctx: StepContext) => ({ source_id: ctx.profile.source_id, schema: ctx.profile.target.schema });

export const step = {
  kind: 'bootstrap',
  title: 'Bootstrap the schema',
  why: 'Maps the source id to its schema and makes the tables the system itself expects.',
  params,
  async plan(ctx, params) {
    const place = placeOf(ctx);
    const undo = 'what this step made is dropped while it holds no rows; nothing that was there before';
    return {
      lines: [
        ...makeLines(ctx, params).map((line) => ({ ...line, undo })),
        {
          type: 'check', on: 'target', effect: 'read', undo: 'nothing to undo',
          does: `${place.registry ? `The registry maps ${place.sourceId} to ${place.schema}; the` : 'The'} schema exists, every table can be read and equals the contract.`,
        },
      ],
    };
  },
  async run(ctx, params) {
    const contract = contractOf(ctx, params.contract);
    const mapping = await withTarget(dsnOf(ctx), (client) => readMapping(ctx, client, contract), { signal: ctx.signal });
    if (mapping.takenBy) {
      throw new CutoverError({
        code: 'schema_name_taken', message: `Schema ${placeOf(ctx).schema} belongs to ${mapping.takenBy} in the registry.`,
        advice: 'Give this profile another target.schema in the fleet file.', facts: { takenBy: mapping.takenBy },
      });
    }
    if (params.only_if_invalid && isValid(ctx, mapping)) {
      ctx.log('info', 'The mapping is valid; nothing is made again.');
      return;
    }
    const before = (await ctx.state.get<Before>('before')) ?? { registered: mapping.registered !== null, schemaExists: mapping.schemaExists };
    await ctx.state.set('before', before);
    await ctx.failpoint('bootstrap:before');
    await make(ctx, params);
    await ctx.failpoint('bootstrap:after');
  },
  async check(ctx, params) {
    const contract = contractOf(ctx, params.contract);
    return withTarget(dsnOf(ctx), async (client) => {
      const mapping = await readMapping(ctx, client, contract);
      const queried = await queryTables(client, placeOf(ctx).schema, mapping.tables);
      ctx.setFact('schema', placeOf(ctx).schema);
      ctx.setFact('fingerprint.schema', mapping.fingerprint);
      return { checkpoints: mappingCheckpoints(ctx, mapping, queried) };
    }, { signal: ctx.signal });
  },
  async undo(ctx) {
    const before = await ctx.state.get<Before>('before');
    if (!before) return;
    await refuseWhileServed(ctx);
    await withTarget(dsnOf(ctx), async (client) => {
      await client.query('begin');
      try {
        if (!before.schemaExists) await dropOwnSchema(ctx, client);
        const { registry, sourceId, schema } = placeOf(ctx);
        if (!before.registered && registry) {
          await client.query(`delete from ${quoteIdent(registry.schema)}.${quoteIdent(registry.table)} where ${quoteIdent(registry.keyColumn)} = $1 and ${quoteIdent(registry.schemaColumn)} = $2`, [sourceId, schema]);
        }
        await client.query('commit');
      } catch (thrown) {
        await client.query('rollback').catch(() => undefined);
        throw thrown;
      }
    }, { signal: ctx.signal });
    await ctx.state.set('before', null);
    ctx.log('info', 'What bootstrap made is gone.');
  },
} satisfies MachineStep<Params>;

function makeLines(ctx: StepContext, params: Params): PlanLine[] {
  const service = firstService(ctx);
  if (params.via === 'cli') {
    return [{ type: 'command', on: 'service', effect: 'write', does: `Runs ${commandOf(params)} of the system; it is safe to repeat.`, text: commandArgv(service, commandOf(params), namesOf(ctx)).join(' ') }];
  }
  if (params.via === 'api') {
    const call = apiCall(ctx);
    return [{ type: 'http', on: 'service', effect: 'write', does: 'Calls the bootstrap of the service; it is safe to repeat.', text: `${call.method} ${service.instances[0]}${call.path} ${JSON.stringify(call.json ?? {})}` }];
  }
  return builtinStatements(ctx, params).map((text): PlanLine => ({ type: 'sql', on: 'target', effect: 'write', does: 'Makes what the contract names.', text }));
}

async function make(ctx: StepContext, params: Params): Promise<void> {
  const service = firstService(ctx);
  if (params.via === 'cli') {
    const argv = commandArgv(service, commandOf(params), namesOf(ctx));
    const ended = await runArgv(argv, {
      cwd: commandCwd(service), env: serviceEnv(service, secretOf(ctx)), seconds: ctx.step.limit_seconds, signal: ctx.signal,
      onLine: (line, stream) => ctx.log(stream === 'err' ? 'warn' : 'info', line),
    });
    if (ended.code !== 0) throw failed(`${commandOf(params)} ended with ${ended.code}: ${ended.output.trim().slice(-400) || 'no output'}`);
  } else if (params.via === 'api') {
    const answer = await callService(service.instances[0] ?? '', { ...apiCall(ctx), headers: ctx.profile.headers }, { timeoutMs: 30_000, signal: ctx.signal });
    ctx.log('info', `status ${answer.status}: ${answer.text.slice(0, 400)}`);
    if (answer.status < 200 || answer.status >= 300) throw failed(`The service answered ${answer.status}: ${answer.text.slice(0, 300)}`);
  } else {
    await withTarget(dsnOf(ctx), async (client) => {
      await client.query('begin');
      for (const statement of builtinStatements(ctx, params)) await client.query(statement);
      await client.query('commit');
    }, { signal: ctx.signal });
  }
}

function apiCall(ctx: StepContext) {
  const call = firstService(ctx).admin?.bootstrap;
  if (!call) throw failed('The service has no admin.bootstrap in the fleet file');
  const json = JSON.parse(JSON.stringify(call.json ?? {}), (_, value) =>
    (typeof value === 'string' ? value.replaceAll('${source_id}', ctx.profile.source_id).replaceAll('${schema}', ctx.profile.target.schema) : value)) as unknown;
  return { method: call.method, path: call.path, json };
}

/** The contract's DDL and the registry row. CREATE SCHEMA and CREATE TABLE are made safe to repeat. */
function builtinStatements(ctx: StepContext, params: Params): string[] {
  const contract = contractOf(ctx, params.contract);
  if (!contract) throw failed('bootstrap via builtin needs a contract in the runbook');
  const { registry, sourceId, schema } = placeOf(ctx);
  const ddl = contract.statements.map((text) => text.replace(/^create (schema|table|index) (?!if not exists)/i, 'create $1 if not exists '));
  const guarded = ddl.map((text) => (/^alter table .* add constraint/is.test(text) ? `do $cutover$ begin ${text}; exception when duplicate_object then null; end $cutover$` : text));
  if (!registry) return guarded;
  const times = [registry.createdColumn, registry.updatedColumn].filter((name): name is string => name !== null);
  const now = "to_char(now() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";
  const columns = [registry.keyColumn, registry.schemaColumn, ...times].map(quoteIdent).join(', ');
  const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  return [...guarded, `insert into ${quoteIdent(registry.schema)}.${quoteIdent(registry.table)} (${columns}) values (${[literal(sourceId), literal(schema), ...times.map(() => now)].join(', ')}) on conflict (${quoteIdent(registry.keyColumn)}) do nothing`];
}

/** The schema that this cutover made, and only while it holds no row. */
async function dropOwnSchema(ctx: StepContext, client: import('pg').Client): Promise<void> {
  const { schema } = placeOf(ctx);
  const tables = await client.query<{ name: string }>("select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind in ('r', 'p') order by 1", [schema]);
  for (const { name } of tables.rows) {
    const held = await client.query(`select 1 from ${quoteIdent(schema)}.${quoteIdent(name)} limit 1`);
    if (held.rows.length) {
      throw new CutoverError({
        code: 'target_not_empty', message: `Table ${schema}.${name} holds rows, so the schema is not dropped.`,
        advice: 'Undo the import first; rows that are not of the import stay and must be looked at.', retry: 'later',
      });
    }
  }
  await client.query(`drop schema if exists ${quoteIdent(schema)} cascade`);
}

/** A schema that the service may be using is never dropped. */
async function refuseWhileServed(ctx: StepContext): Promise<void> {
  for (const service of ctx.services) {
    for (const url of service.instances) {
      const reading = await observeInstance(service, url, ctx.profile.headers, ctx.signal);
      if (reading.observed === ctx.runbook.to) throw failed(`${service.name} runs in ${ctx.runbook.to} and uses the schema`);
    }
  }
}

const failed = (why: string): CutoverError => new CutoverError({
  code: 'contract_differs', message: `${why}.`, advice: 'Read the log of the attempt, mend the cause and retry; the step is safe to repeat.', retry: 'later',
});
