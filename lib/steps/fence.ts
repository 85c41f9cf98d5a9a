import { z } from 'zod';
import { checkpoint } from './parts/checkpoint';
import { sourceFenceOf } from './parts/source-fence';
import type { MachineStep } from './step';

const params = z.strictObject({
  lift: z.boolean().default(false),
  /** Files of a source that has several. (Default: all that are moved) */
  files: z.array(z.string()).min(1).optional(),
});
type Params = z.infer<typeof params>;

export const step = {
  kind: 'fence',
  title: 'Fence the source',
  why: "The source itself refuses writes to this profile's rows, also from processes the console does not know.",
  params,
  async plan(ctx, { lift, files }) {
    return { lines: [sourceFenceOf(ctx, files).plan(lift)] };
  },
  async run(ctx, { lift, files }) {
    await ctx.failpoint('fence:before');
    const fence = sourceFenceOf(ctx, files);
    const reading = lift ? fence.lift() : fence.take();
    await ctx.failpoint('fence:after');
    ctx.log('info', lift ? 'The fence is lifted.' : reading.summary);
  },
  async check(ctx, { lift, files }) {
    const fence = sourceFenceOf(ctx, files);
    const reading = fence.read();
    const wanted = lift ? 'absent' : 'complete';
    return {
      checkpoints: [
        checkpoint(
          'fence',
          lift ? 'The source takes writes again; nothing of ours is left on it' : fence.claim,
          reading.state === wanted,
          {
            summary: reading.summary,
            probes: [
              {
                what: reading.what,
                text: reading.names.join('\n'),
                expected: wanted,
                got: reading.problems.length ? reading.problems.join('; ') : reading.state,
                passed: reading.state === wanted,
              },
            ],
          },
        ),
      ],
    };
  },
  async undo(ctx, { lift, files }) {
    const fence = sourceFenceOf(ctx, files);
    if (lift) fence.take();
    else fence.lift();
    ctx.log('info', lift ? 'The fence is put again.' : 'The fence is lifted.');
  },
} satisfies MachineStep<Params>;
