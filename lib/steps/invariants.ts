import { z } from 'zod';
import { withTarget } from '@/lib/dataplane';
import { checkpoint } from './parts/checkpoint';
import { contractOf } from './parts/contract';
import { mappingCheckpoints, queryTables, readMapping } from './parts/mapping';
import { dsnOf, placeOf } from './parts/places';
import { unchangedParams, unchangedPlan, unchangedProofs } from './parts/source-unchanged';
import type { MachineStep } from './step';

const params = z.discriminatedUnion('check', [
  z.strictObject({ check: z.literal('registry-mapping'), contract: z.string().optional() }),
  unchangedParams,
]);
type Params = z.infer<typeof params>;

export const step = {
  kind: 'invariants',
  title: 'Check invariants',
  why: 'What must hold whatever happened before.',
  params,
  async plan(ctx, params) {
    if (params.check === 'source-unchanged') return { lines: unchangedPlan(ctx, params) };
    const place = placeOf(ctx);
    return {
      lines: [
        {
          type: 'check',
          on: 'target',
          effect: 'read',
          undo: 'nothing to undo',
          does: `The mapping of ${place.sourceId} leads to a schema that exists and holds the contract's tables.`,
          text: place.registry
            ? `select ${place.registry.schemaColumn} from ${place.registry.schema}.${place.registry.table} where ${place.registry.keyColumn} = $1`
            : undefined,
        },
      ],
    };
  },
  async run(ctx) {
    ctx.log('info', 'Nothing is written; the reading is the check.');
  },
  async check(ctx, params) {
    if (params.check === 'source-unchanged') return { checkpoints: await unchangedProofs(ctx, params) };
    return withTarget(
      dsnOf(ctx),
      async (client) => {
        const mapping = await readMapping(ctx, client, contractOf(ctx, params.contract));
        if (mapping.registered === null && mapping.takenBy === null && !mapping.schemaExists) {
          const summary = `${placeOf(ctx).sourceId} has neither a registry row nor a schema, as the snapshot recorded; the next bootstrap makes both.`;
          return {
            checkpoints: [checkpoint('registry', 'No mapping leads to a schema that is not there', true, { summary })],
          };
        }
        return {
          checkpoints: mappingCheckpoints(ctx, mapping, await queryTables(client, placeOf(ctx).schema, mapping.tables)),
        };
      },
      { signal: ctx.signal },
    );
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;
