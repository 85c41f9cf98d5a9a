import { withTarget } from '@/lib/dataplane';
import { readContent } from '@/lib/dataplane/target-content';
import type { CheckpointResult } from '@/lib/shared/evidence';
import type { StepContext } from '@/lib/steps/step';
import { checkpoint } from './checkpoint';
import { placeOf, staysOnTarget, stepsOf } from './places';

/** True for a rollback of a live schema whose backup was never taken, or was taken back: then nothing was put in its place. */
export const nothingReplaced = (ctx: StepContext, from: string): boolean =>
  staysOnTarget(ctx) && !stepsOf(ctx).some(({ id }) => id === ctx.step.id) && ctx.factOrNull(from, 'dir') === null;

const contentNow = (ctx: StepContext) =>
  withTarget(placeOf(ctx).dsn, (client) => readContent(client, placeOf(ctx)), {
    readOnly: true,
    signal: ctx.signal,
  });

/** Keeps the rows as they are, for the validation that follows. */
export async function keepAsItIs(ctx: StepContext): Promise<void> {
  const { tables } = await contentNow(ctx);
  ctx.setFact('rows', Object.fromEntries(tables.map(({ table, rows }) => [table, rows])));
  ctx.log('info', 'No backup was put in place of the schema, so nothing is put back.');
}

export async function asItIsCheckpoint(ctx: StepContext): Promise<CheckpointResult> {
  const { exists, tables } = await contentNow(ctx);
  return checkpoint('restored', 'Nothing had been put in place of the schema, and it is there', exists, {
    summary: exists ? `${placeOf(ctx).schema} with ${tables.length} tables` : `${placeOf(ctx).schema} does not exist`,
    table: { columns: ['Table', 'Rows'], numeric: [1], rows: tables.map(({ table, rows }) => [table, rows]) },
  });
}
