import { z } from 'zod';
import { diffCheckpoints, diffNow, writtenSince } from './parts/row-diff-evidence';
import { placeOf, sourceNamed } from './parts/places';
import type { MachineStep } from './step';

const params = z.strictObject({
  /** `live`, or the id of the snapshot-source step whose copy is compared. */
  from: z.string(),
});
type Params = z.infer<typeof params>;

export const step = {
  kind: 'row-diff',
  title: 'Compare row by row',
  why: 'Counts can match while values differ; only a comparison of every cell proves the copy.',
  params,
  async plan(ctx, { from }) {
    const { schema } = placeOf(ctx);
    return {
      lines: [
        {
          type: 'file',
          on: 'source',
          effect: 'read',
          does: 'Reads every row with its storage classes and bytes.',
          text: sourceNamed(ctx, from),
          undo: 'nothing to undo',
        },
        {
          type: 'sql',
          on: 'target',
          effect: 'read',
          does: 'Reads every row in one repeatable-read transaction.',
          text: `copy (select … from ${schema}.<table> order by <key>) to stdout (format binary)`,
          undo: 'nothing to undo',
        },
        {
          type: 'check',
          on: 'console',
          effect: 'read',
          does: 'Compares digests by range, then rows and cells where they differ.',
          undo: 'nothing to undo',
        },
      ],
    };
  },
  async run(ctx) {
    ctx.log('info', 'Nothing is written; the comparison itself is the check.');
  },
  async check(ctx, { from }) {
    const diff = await diffNow(ctx, from);
    ctx.log(
      'info',
      `${diff.equal} equal, ${diff.differing} differing, ${diff.missing} missing, ${diff.extra} extra in ${diff.durationMs} ms`,
    );
    ctx.setFact('fingerprint.row diff', diff.digest);
    ctx.setFact('counts', { equal: diff.equal, differing: diff.differing, missing: diff.missing, extra: diff.extra });
    const since = writtenSince(ctx, from);
    if (since) ctx.log('warn', since);
    return { checkpoints: diffCheckpoints(diff, since) };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;
