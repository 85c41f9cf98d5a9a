import { rmSync } from 'node:fs';
import { z } from 'zod';
import { dropAside, dropRehearsal, readAsides } from '@/lib/dataplane';
import { allSteps } from '@/lib/fleet/check-runbook';
import { readEnvFile } from '@/lib/services/env-file';
import { flightCardFile } from '@/lib/services/flight-card';
import { checkpoint } from './parts/checkpoint';
import { judgeSinceScan, planSinceScan, refuseAnomalies } from './parts/log-since-scan';
import { keptSnapshots } from './parts/kept-snapshot';
import { adminDsnOf, placeOf, staysOnTarget, stepsOf } from './parts/places';
import { sourceFenceOf } from './parts/source-fence';
import type { MachineStep, StepContext } from './step';

const params = z.strictObject({ keep_snapshot_days: z.number().int().min(1).default(30) });
type Params = z.infer<typeof params>;

/** Null where there is no store besides the target. */
const fenceOf = (ctx: StepContext) => (staysOnTarget(ctx) ? null : sourceFenceOf(ctx));

const factsOf = (ctx: StepContext, name: string): string[] =>
  allSteps(ctx.runbook).flatMap(({ id }) => ctx.factOrNull<string>(id, name) ?? []);

/** Schemas that a restore of this cutover set aside. */
const asidesOf = (ctx: StepContext): string[] => factsOf(ctx, 'aside');
/** Schemas that rehearsals of this cutover made. */
const rehearsalsOf = (ctx: StepContext): string[] => [...new Set(factsOf(ctx, 'rehearsalSchema'))];

/** What restores of this profile set aside, those of cutovers that ended before it included. */
async function dropLeft(ctx: StepContext): Promise<void> {
  const place = placeOf(ctx);
  for (const aside of await readAsides(place)) {
    await dropAside({ place, adminDsn: adminDsnOf(ctx), aside });
    ctx.log('info', `Schema ${aside} is dropped.`);
  }
  for (const schema of rehearsalsOf(ctx)) {
    await dropRehearsal({ ...place, schema });
    ctx.log('info', `Schema ${schema} is dropped.`);
  }
}

export const step = {
  kind: 'close',
  title: 'Close the window',
  why: 'Takes down what stood for the way back; after this there is no rollback from the page.',
  params,
  async plan(ctx, { keep_snapshot_days: days }) {
    const fence = fenceOf(ctx);
    return {
      lines: [
        ...planSinceScan(ctx),
        ...(fence ? [{ ...fence.plan(true), undo: 'cannot be undone from the page' }] : []),
        ...asidesOf(ctx).map((aside) => ({
          type: 'sql' as const,
          on: 'target',
          effect: 'write' as const,
          does: 'Drops what a restore had set aside; also what restores of earlier cutovers of this profile left so.',
          text: `drop schema ${aside} cascade`,
          undo: 'cannot be undone; its snapshot is kept',
        })),
        ...rehearsalsOf(ctx).map((schema) => ({
          type: 'sql' as const,
          on: 'target',
          effect: 'write' as const,
          does: 'Drops the schema that the rehearsals made.',
          text: `drop schema ${schema} cascade`,
          undo: 'the next rehearsal makes it again',
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
          does: `Keeps the snapshots for ${days} days.`,
          text: snapshotStep(ctx) ? (ctx.factOrNull<string>(snapshotStep(ctx) ?? '', 'path') ?? undefined) : undefined,
          undo: 'nothing to undo',
        },
      ],
    };
  },
  async run(ctx, { keep_snapshot_days: days }) {
    await ctx.failpoint('close:before');
    if (!(await ctx.state.get<string>('judgedUntil'))) {
      const until = new Date();
      refuseAnomalies(ctx, until);
      // From here on things are taken down: a resume does not stop half-way for what came later.
      await ctx.state.set('judgedUntil', until.toISOString());
    }
    fenceOf(ctx)?.lift();
    await dropLeft(ctx);
    rmSync(flightCardFile(ctx.system.name, ctx.profile.source_id), { force: true });
    ctx.setFact('keepSnapshotUntil', new Date(Date.now() + days * 86_400_000).toISOString());
    ctx.log('info', 'The fence is down, the flight card is gone.');
  },
  async check(ctx) {
    const fence = fenceOf(ctx)?.read();
    const asides = await readAsides(placeOf(ctx));
    const held = ctx.services.filter(
      (service) => service.freeze && service.freeze.start_held_variable in readEnvFile(service.env_file).values,
    );
    const judgedUntil = await ctx.state.get<string>('judgedUntil');
    return {
      checkpoints: [
        ...judgeSinceScan(ctx, judgedUntil ? new Date(judgedUntil) : new Date()),
        ...(fence
          ? [
              checkpoint('source-clean', 'Nothing of ours is left in the source', fence.state === 'absent', {
                summary: `fence ${fence.state}${fence.names.length ? `: ${fence.names.join(', ')}` : ''}`,
              }),
            ]
          : []),
        checkpoint('target-clean', 'Nothing that a restore set aside is left', asides.length === 0, {
          summary: asides.join(', ') || 'no schema of ours stands aside',
        }),
        checkpoint('env-clean', 'No service starts held', held.length === 0, {
          summary: held.length
            ? held.map((service) => service.env_file).join(', ')
            : 'the env files hold no bypass value',
        }),
        ...(await keptSnapshots(ctx, ctx.factOrNull<string>(ctx.step.id, 'keepSnapshotUntil'))),
      ],
    };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;

const snapshotStep = (ctx: StepContext): string | undefined =>
  stepsOf(ctx).find((one) => one.kind === 'snapshot-source')?.id;
