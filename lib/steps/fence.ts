import { z } from 'zod';
import { fenceSql, liftFence, readFence, readSource, takeFence, unfenceSql } from '@/lib/dataplane';
import { checkpoint } from './parts/checkpoint';
import { fencedSource, scopeOf } from './parts/places';
import type { MachineStep } from './step';

const params = z.strictObject({ lift: z.boolean().default(false) });
type Params = z.infer<typeof params>;

export const step = {
  kind: 'fence',
  title: 'Fence the source',
  why: "The source itself refuses writes to this profile's rows, also from processes the console does not know.",
  params,
  async plan(ctx, { lift }) {
    const schema = readSource(fencedSource(ctx), scopeOf(ctx));
    const sql = lift ? unfenceSql(schema, scopeOf(ctx)) : fenceSql(schema, scopeOf(ctx));
    return {
      lines: [
        {
          type: 'sql',
          on: 'source',
          effect: 'write',
          does: lift
            ? 'Takes the fence triggers out of the SQLite file.'
            : "Puts triggers that refuse writes to this profile's rows; other source ids of the file are not touched.",
          text: sql.join(';\n'),
          undo: lift ? 'the fence is put again' : 'the same triggers are dropped, at any time',
        },
      ],
    };
  },
  async run(ctx, { lift }) {
    await ctx.failpoint('fence:before');
    const reading = lift ? liftFence(fencedSource(ctx), scopeOf(ctx)) : takeFence(fencedSource(ctx), scopeOf(ctx));
    await ctx.failpoint('fence:after');
    ctx.log('info', lift ? 'The fence is lifted.' : `${reading.triggers.length} triggers refuse writes.`);
  },
  async check(ctx, { lift }) {
    const reading = readFence(fencedSource(ctx), scopeOf(ctx));
    const wanted = lift ? 'absent' : 'complete';
    return {
      checkpoints: [
        checkpoint(
          'fence',
          lift
            ? 'The source takes writes again; no trigger of ours is left'
            : "The source refuses writes to this profile's rows",
          reading.state === wanted,
          {
            summary: `fence ${reading.state}; ${reading.triggers.length} triggers${reading.missing.length && !lift ? `; missing ${reading.missing.join(', ')}` : ''}${reading.unguarded.length ? `; cannot be guarded: ${reading.unguarded.join(', ')}` : ''}`,
            probes: [
              {
                what: 'triggers of ours in sqlite_schema',
                text: reading.triggers.join('\n'),
                expected: wanted,
                got: reading.state,
                passed: reading.state === wanted,
              },
            ],
          },
        ),
      ],
    };
  },
  async undo(ctx, { lift }) {
    if (lift) takeFence(fencedSource(ctx), scopeOf(ctx));
    else liftFence(fencedSource(ctx), scopeOf(ctx));
    ctx.log('info', lift ? 'The fence is put again.' : 'The fence is lifted.');
  },
} satisfies MachineStep<Params>;
