import type pg from 'pg';
import {
  dropTables,
  expectedTypesSql,
  forgetDesign,
  liftTargetFence,
  quoteIdent,
  readTarget,
  readTargetFence,
  sharedSchemaOf,
  withTarget,
} from '@/lib/dataplane';
import { inTransaction, runTogether } from '@/lib/dataplane/connect-target';
import { CutoverError } from '@/lib/errors';
import { observeInstance } from '@/lib/services/observe-instance';
import { type Contract, contractOf, readContractTarget } from './parts/contract';
import { isDesigned } from './parts/designed';
import { isValid, mappingCheckpoints, queryTables, readMapping } from './parts/mapping';
import { type BootstrapParams, bootstrapParams, failed, makeLines, makeSchema } from './parts/make-schema';
import { dsnOf, headersOf, placeOf } from './parts/places';
import type { MachineStep, StepContext } from './step';

type Before = { registered: boolean; schemaExists: boolean };

export const step = {
  kind: 'bootstrap',
  title: 'Bootstrap the schema',
  why: 'Maps the source id to its schema and makes the tables the system itself expects.',
  params: bootstrapParams,
  async plan(ctx, params) {
    const place = placeOf(ctx);
    const undo =
      'the schema and its registry row are dropped if this step made them and no row is left; tables of all profiles stay';
    return {
      lines: [
        ...makeLines(ctx, params).map((line) => ({ ...line, undo })),
        {
          type: 'sql',
          on: 'target',
          effect: 'write',
          does: 'Lifts the fence of an earlier break-glass rollback, if one stands.',
          undo: 'nothing to undo',
        },
        {
          type: 'check',
          on: 'target',
          effect: 'read',
          undo: 'nothing to undo',
          does: `${place.registry ? `The registry maps ${place.sourceId} to ${place.schema}; the` : 'The'} schema exists, every table can be read${contractOf(ctx, params.contract) ? ' and equals the contract' : isDesigned(ctx) ? ' and equals the design' : ''}.`,
        },
      ],
    };
  },
  async run(ctx, params) {
    const contract = contractOf(ctx, params.contract);
    const mapping = await withTarget(dsnOf(ctx), (client) => readMapping(ctx, client, contract), {
      signal: ctx.signal,
    });
    if (mapping.takenBy) {
      throw new CutoverError({
        code: 'schema_name_taken',
        message: `Schema ${placeOf(ctx).schema} belongs to ${mapping.takenBy} in the registry.`,
        advice: 'Give this profile another target.schema in the fleet file.',
        facts: { takenBy: mapping.takenBy },
      });
    }
    if (params.only_if_invalid && isValid(ctx, mapping)) {
      ctx.log('info', 'The mapping is valid; nothing is made again.');
      return;
    }
    const before = (await ctx.state.get<Before>('before')) ?? {
      registered: mapping.registered !== null,
      schemaExists: mapping.schemaExists,
    };
    await ctx.state.set('before', before);
    await ctx.failpoint('bootstrap:before');
    await makeSchema(ctx, params);
    if (contract) await giveExpectedTypes(ctx, contract);
    await ctx.failpoint('bootstrap:after');
    if ((await readTargetFence(placeOf(ctx))).state !== 'absent') {
      await refuseWhileServed(ctx);
      await liftTargetFence(placeOf(ctx));
      ctx.log('note', 'The fence that a break-glass rollback had left on the target is lifted.');
    }
  },
  async check(ctx, params) {
    const contract = contractOf(ctx, params.contract);
    return withTarget(
      dsnOf(ctx),
      async (client) => {
        const mapping = await readMapping(ctx, client, contract);
        const queried = await queryTables(client, placeOf(ctx).schema, mapping.tables);
        ctx.setFact('schema', placeOf(ctx).schema);
        ctx.setFact('fingerprint.schema', mapping.fingerprint);
        if (isDesigned(ctx)) ctx.setFact('design', await ctx.state.get<string>('design'));
        return { checkpoints: mappingCheckpoints(ctx, mapping, queried) };
      },
      { signal: ctx.signal },
    );
  },
  async undo(ctx) {
    const before = await ctx.state.get<Before>('before');
    if (!before) return;
    await refuseWhileServed(ctx);
    await withTarget(
      dsnOf(ctx),
      async (client) => {
        await client.query('begin');
        try {
          if (!before.schemaExists) await dropOwnSchema(ctx, client);
          const { registry, sourceId, schema } = placeOf(ctx);
          if (!before.registered && registry) {
            await client.query(
              `delete from ${quoteIdent(registry.schema)}.${quoteIdent(registry.table)} where ${quoteIdent(registry.keyColumn)} = $1 and ${quoteIdent(registry.schemaColumn)} = $2`,
              [sourceId, schema],
            );
          }
          await client.query('commit');
        } catch (thrown) {
          await client.query('rollback').catch(() => undefined);
          throw thrown;
        }
      },
      { signal: ctx.signal },
    );
    await ctx.state.set('before', null);
    ctx.log('info', 'What bootstrap made is gone.');
  },
} satisfies MachineStep<BootstrapParams>;

/** Types that a chosen rule puts right; a table that holds rows is left to the person. */
async function giveExpectedTypes(ctx: StepContext, contract: Contract): Promise<void> {
  await withTarget(
    dsnOf(ctx),
    async (client) => {
      const place = placeOf(ctx);
      const actual = await readTarget(client, place);
      const expected = await readContractTarget(client, place, contract);
      const statements = expectedTypesSql(expected, actual, ctx.rules());
      if (!statements.length) return;
      await requireEmpty(ctx, client);
      await inTransaction(client, () => runTogether(client, statements));
      for (const statement of statements) ctx.log('note', statement);
    },
    { signal: ctx.signal },
  );
}

/** The schema that this cutover made, and only while it holds no row. */
async function dropOwnSchema(ctx: StepContext, client: pg.Client): Promise<void> {
  await requireEmpty(ctx, client);
  const shared = sharedSchemaOf(placeOf(ctx));
  if (shared) await dropTables(client, shared);
  else await client.query(`drop schema if exists ${quoteIdent(placeOf(ctx).schema)} cascade`);
  await forgetDesign(client, placeOf(ctx));
}

/** @throws CutoverError target_not_empty */
async function requireEmpty(ctx: StepContext, client: pg.Client): Promise<void> {
  const { schema } = placeOf(ctx);
  const { tables } = await readTarget(client, placeOf(ctx));
  for (const { name } of tables.filter((table) => table.schema === schema)) {
    const held = await client.query(`select 1 from ${quoteIdent(schema)}.${quoteIdent(name)} limit 1`);
    if (held.rows.length) {
      throw new CutoverError({
        code: 'target_not_empty',
        message: `Table ${schema}.${name} holds rows, so the schema is not changed.`,
        advice:
          'Undo the import first, where its rows are still there. Rows that it did not bring stay: keep what you need of them elsewhere and delete them, or drop the schema yourself; then take it back again.',
        retry: 'later',
      });
    }
  }
}

/** A schema that the service may be using is never dropped. */
async function refuseWhileServed(ctx: StepContext): Promise<void> {
  for (const service of ctx.services) {
    for (const url of service.instances) {
      const reading = await observeInstance(service, url, headersOf(ctx), ctx.signal);
      // Of a service with several surfaces one is enough.
      if ([reading.observed, ...reading.surfaces.map((one) => one.observed)].includes(ctx.runbook.to))
        throw failed(`${service.name} runs in ${ctx.runbook.to} and uses the schema`);
    }
  }
}
