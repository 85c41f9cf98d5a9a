import { z } from 'zod';
import { repairRows } from '@/lib/dataplane';
import { fencingToken } from './parts/fencing-token';
import { diffCheckpoints, diffNow } from './parts/row-diff-evidence';
import { placeOf, scopeOf, sourceFrom, sourceNamed } from './parts/places';
import type { MachineStep } from './step';

const params = z.strictObject({ from: z.string() });
type Params = z.infer<typeof params>;

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
    ctx.setFact('repaired', { inserted: done.inserted, updated: done.updated, deleted: done.deleted });
  },
  async check(ctx, { from }) {
    return { checkpoints: diffCheckpoints(await diffNow(ctx, from)) };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;
