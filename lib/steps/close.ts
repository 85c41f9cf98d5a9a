import { rmSync } from 'node:fs';
import { z } from 'zod';
import { dropAside } from '@/lib/dataplane';
import { readEnvFile } from '@/lib/services/env-file';
import { flightCardFile } from '@/lib/services/flight-card';
import { checkpoint } from './parts/checkpoint';
import { adminDsnOf, placeOf, stepsOf } from './parts/places';
import { sourceFenceOf } from './parts/source-fence';
import type { MachineStep, StepContext } from './step';

const params = z.strictObject({ keep_snapshot_days: z.number().int().min(1).default(30) });
type Params = z.infer<typeof params>;

/** Schemas that a restore of this cutover set aside. */
const asidesOf = (ctx: StepContext): string[] =>
  (ctx.runbook.rollbacks.data?.steps ?? [])
    .filter((step) => step.kind === 'restore')
    .flatMap((step) => {
      const aside = ctx.factOrNull<string | null>(step.id, 'aside');
      return aside ? [aside] : [];
    });

export const step = {
  kind: 'close',
  title: 'Close the window',
  why: 'Takes down what stood for the way back; after this there is no rollback from the page.',
  params,
  async plan(ctx, { keep_snapshot_days: days }) {
    return {
      lines: [
        { ...sourceFenceOf(ctx).plan(true), undo: 'cannot be undone from the page' },
        ...asidesOf(ctx).map((aside) => ({
          type: 'sql' as const,
          on: 'target',
          effect: 'write' as const,
          does: 'Drops what a restore had set aside.',
          text: `drop schema ${aside} cascade`,
          undo: 'cannot be undone; its snapshot is kept',
        })),
        {
          type: 'file',
          on: 'console',
          effect: 'write',
          does: 'Removes the flight card: break-glass ends with the window.',
          undo: 'cannot be undone',
        },
        {
          type: 'file',
          on: 'console',
          effect: 'write',
          does: `Keeps the source snapshot for ${days} days.`,
          text: snapshotStep(ctx) ? (ctx.factOrNull<string>(snapshotStep(ctx) ?? '', 'path') ?? undefined) : undefined,
          undo: 'nothing to undo',
        },
      ],
    };
  },
  async run(ctx, { keep_snapshot_days: days }) {
    await ctx.failpoint('close:before');
    sourceFenceOf(ctx).lift();
    for (const aside of asidesOf(ctx)) await dropAside({ place: placeOf(ctx), adminDsn: adminDsnOf(ctx), aside });
    rmSync(flightCardFile(ctx.system.name, ctx.profile.source_id), { force: true });
    ctx.setFact('keepSnapshotUntil', new Date(Date.now() + days * 86_400_000).toISOString());
    ctx.log('info', 'The fence is down, the flight card is gone.');
  },
  async check(ctx) {
    const fence = sourceFenceOf(ctx).read();
    const held = ctx.services.filter(
      (service) => service.freeze && service.freeze.start_held_variable in readEnvFile(service.env_file).values,
    );
    return {
      checkpoints: [
        checkpoint('source-clean', 'Nothing of ours is left in the source', fence.state === 'absent', {
          summary: `fence ${fence.state}${fence.names.length ? `: ${fence.names.join(', ')}` : ''}`,
        }),
        checkpoint('env-clean', 'No service starts held', held.length === 0, {
          summary: held.length
            ? held.map((service) => service.env_file).join(', ')
            : 'the env files hold no bypass value',
        }),
      ],
    };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;

const snapshotStep = (ctx: StepContext): string | undefined =>
  stepsOf(ctx).find((one) => one.kind === 'snapshot-source')?.id;
