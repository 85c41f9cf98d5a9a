import { z } from 'zod';
import { type RepairReport, repairRows } from '@/lib/dataplane';
import { fencingToken } from './parts/fencing-token';
import { checkpoint } from './parts/checkpoint';
import { diffCheckpoints, diffNow } from './parts/row-diff-evidence';
import { placeOf, scopeOf, sourceFrom, sourceNamed, stepsOf } from './parts/places';
import type { MachineStep, StepContext } from './step';

const params = z.strictObject({ from: z.string() });
type Params = z.infer<typeof params>;
type Done = Pick<RepairReport, 'inserted' | 'updated' | 'deleted' | 'sequences'>;

function comparesNext(ctx: StepContext, from: string): boolean {
  const steps = stepsOf(ctx);
  const next = steps[steps.findIndex((one) => one.id === ctx.step.id) + 1];
  return next?.kind === 'row-diff' && next.params.from === from && next.needs.includes(ctx.step.id);
}

export const step = {
  kind: 'repair',
  title: 'Diff and repair',
  why: 'Makes the target follow the source in exactly the rows that differ.',
  params,
  async plan(ctx, { from }) {
    const { schema } = placeOf(ctx);
    return {
      lines: [
        {
          type: 'check',
          on: 'source',
          effect: 'read',
          does: 'Compares source and target row by row.',
          text: sourceNamed(ctx, from),
          undo: 'nothing to undo',
        },
        {
          type: 'sql',
          on: 'target',
          effect: 'write',
          does: 'Inserts what is missing, updates what differs, deletes what is extra, in one transaction a table.',
          text: `insert into ${schema}.<table> …; update ${schema}.<table> …; delete from ${schema}.<table> where <key> …`,
          undo: 'nothing to undo: the target follows the source',
        },
        {
          type: 'sql',
          on: 'target',
          effect: 'write',
          does: 'Sets every sequence beyond the largest key.',
          text: 'select setval(…)',
          undo: 'nothing to undo',
        },
      ],
    };
  },
  async run(ctx, { from }) {
    const source = sourceFrom(ctx, from);
    const done = await repairRows({
      source: source.location,
      scope: scopeOf(ctx),
      place: placeOf(ctx),
      rules: ctx.rules(),
      holdsAt: source.holdsAt,
      cutoverId: ctx.cutoverId,
      epoch: await fencingToken(ctx),
      signal: ctx.signal,
      progress: ctx.progress,
      log: (level, text) => ctx.log(level, text),
      failpoint: ctx.failpoint,
    });
    ctx.log(
      'info',
      `${done.inserted} inserted, ${done.updated} updated, ${done.deleted} deleted in ${done.durationMs} ms`,
    );
    const { inserted, updated, deleted, sequences } = done;
    await ctx.state.set('done', { inserted, updated, deleted, sequences });
    ctx.setFact('repaired', { inserted, updated, deleted });
  },
  async check(ctx, { from }) {
    const done = await ctx.state.get<Done>('done');
    const repaired = checkpoint('repaired', 'Exactly the rows that differed were repaired', done !== null, {
      summary: done
        ? `${done.inserted} inserted, ${done.updated} updated, ${done.deleted} deleted`
        : 'nothing was repaired yet',
      probes: done?.sequences.map((one) => ({
        what: `sequence of ${one.table}.${one.column}`,
        expected: `more than ${one.max}`,
        got: one.next,
        passed: one.passed,
      })),
    });
    // Users wait during a freeze, so a comparison that the very next step makes anyway is not made twice.
    if (comparesNext(ctx, from)) return { checkpoints: [repaired] };
    return { checkpoints: [repaired, ...diffCheckpoints(await diffNow(ctx, from))] };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;
