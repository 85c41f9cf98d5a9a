import { z } from 'zod';
import {
  compareSchemas,
  findPgTools,
  readAsides,
  readTarget,
  restoreTarget,
  undoRestore,
  verifyTargetSnapshot,
  withTarget,
} from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import { observeInstance } from '@/lib/services/observe-instance';
import type { RowDiffSummary } from '@/lib/shared/evidence';
import { readEnvFile } from '@/lib/services/env-file';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { fencingToken } from './parts/fencing-token';
import { checkpoint } from './parts/checkpoint';
import { countHeldLoss, heldLossLine } from './parts/held-loss';
import { holdWords, isStartBlocked, isStill, readHold } from './parts/hold-service';
import { asItIsCheckpoint, keepAsItIs, nothingReplaced } from './parts/nothing-replaced';
import { adminDsnOf, headersOf, isOnSource, placeOf, staysOnTarget, stepsOf } from './parts/places';
import { surfacesIn } from './parts/surfaces';
import { countAside, countRestored } from './parts/restore-counts';
import type { MachineStep, StepContext } from './step';

const params = z.strictObject({
  /** Id of the snapshot-target step whose snapshot is restored, or of the choose-snapshot step that names one. */
  from: z.string(),
});
type Params = z.infer<typeof params>;

const outcomeWords = {
  restored: 'restored',
  absent_restored: 'absent, as in the snapshot',
  already_restored: 'restored before',
};

async function inputOf(ctx: StepContext, from: string) {
  return {
    place: placeOf(ctx),
    adminDsn: adminDsnOf(ctx),
    dir: ctx.fact<string>(from, 'dir'),
    tools: await findPgTools(process.env.PG_BIN_DIR),
    signal: ctx.signal,
    log: (level: Parameters<StepContext['log']>[0], text: string) => ctx.log(level, text),
    failpoint: ctx.failpoint,
    cutoverId: ctx.cutoverId,
    epoch: await fencingToken(ctx),
  };
}

export const step = {
  kind: 'restore',
  title: 'Restore the target snapshot',
  why: "Puts the profile's schema and registry rows back as they were, all or nothing.",
  params,
  async plan(ctx, { from }) {
    const place = placeOf(ctx);
    const absent = ctx.factOrNull<boolean>(from, 'absent');
    const loss = await lossNow(ctx);
    return {
      ...(loss ? { loss } : {}),
      lines: [
        {
          type: 'check',
          on: 'service',
          effect: 'read',
          does: `Refuses unless every instance is in ${ctx.runbook.from} or holds its users.`,
          undo: 'nothing to undo',
        },
        {
          type: 'check',
          on: 'console',
          effect: 'read',
          does: 'Reads the whole snapshot and compares its digest.',
          text: ctx.factOrNull<string>(from, 'digest') ?? undefined,
          undo: 'nothing to undo',
        },
        ...(staysOnTarget(ctx) ? [heldLossLine(ctx)] : []),
        {
          type: 'sql',
          on: 'target',
          effect: 'write',
          does: place.tables
            ? `Moves the profile's ${place.tables.length} tables of ${place.schema} into a schema of their own; nothing is dropped, and no other table is touched.`
            : `Renames schema ${place.schema} aside; nothing is dropped.`,
          text: place.tables
            ? place.tables.map((table) => `alter table ${place.schema}.${table} set schema …`).join('\n')
            : `alter schema ${place.schema} rename to …`,
          undo: 'it is renamed back',
          ...(await countAside(ctx)),
        },
        {
          type: 'command',
          on: 'target',
          effect: 'write',
          does: absent
            ? 'Nothing is restored: the snapshot recorded that the schema was absent.'
            : `Restores ${place.schema} from the dump in one transaction.`,
          text: absent ? undefined : 'pg_restore --single-transaction --exit-on-error',
          undo: 'the restored schema is removed and the one aside renamed back',
          ...countRestored(ctx, from),
        },
        {
          type: 'sql',
          on: 'target',
          effect: 'write',
          does: "Makes this profile's registry and shared rows as the snapshot has them, by source id, in one transaction; it removes those that were not there.",
          undo: 'the rows are put back as they were',
        },
      ],
    };
  },
  async run(ctx, { from }) {
    await refuseWhileServed(ctx);
    if (nothingReplaced(ctx, from)) return keepAsItIs(ctx);
    if (staysOnTarget(ctx)) await countHeldLoss(ctx, lossNow);
    const report = await restoreTarget(await inputOf(ctx, from));
    await ctx.state.set('report', {
      aside: report.aside,
      outcome: report.outcome,
      problems: report.problems,
      tables: report.tables,
      registryRows: report.registryRows,
    });
    ctx.setFact('aside', report.aside);
    ctx.log(
      'info',
      `${report.outcome}: ${report.tables.length} tables, ${report.registryRows} registry rows in ${report.durationMs} ms`,
    );
  },
  async check(ctx, { from }) {
    if (nothingReplaced(ctx, from)) return { checkpoints: [await asItIsCheckpoint(ctx)] };
    const report = await ctx.state.get<{
      aside: string | null;
      outcome: keyof typeof outcomeWords;
      problems: string[];
      tables: { table: string; rows: string; passed: boolean }[];
    }>('report');
    if (!report)
      throw new CutoverError({
        code: 'snapshot_missing',
        message: 'Nothing was restored.',
        advice: 'Run the step.',
        retry: 'now',
      });
    const { dir, tools } = await inputOf(ctx, from);
    const proof = await verifyTargetSnapshot({
      dir,
      tools,
      digest: ctx.fact<string>(from, 'digest'),
      signal: ctx.signal,
    });
    const exists = await schemaExists(ctx);
    const absent = ctx.fact<boolean>(from, 'absent');
    return {
      checkpoints: [
        checkpoint('snapshot', 'The snapshot is the one that was verified', proof.passed, {
          summary: proof.problems.join('; ') || 'digest and content as kept',
          digests: [{ of: dir, sha256: proof.digest }],
        }),
        checkpoint(
          'restored',
          absent ? 'The schema is absent again' : 'Every table holds the rows of the manifest',
          exists !== absent && report.problems.length === 0 && report.tables.every((table) => table.passed),
          {
            summary:
              report.problems.join('; ') ||
              `${outcomeWords[report.outcome]}${report.aside ? `; what was there is kept as ${report.aside}` : ''}`,
            table: {
              columns: ['Table', 'Rows', 'As in the manifest'],
              numeric: [1],
              rows: report.tables.map((table) => [table.table, table.rows, table.passed ? 'yes' : 'no']),
            },
          },
        ),
      ],
    };
  },
  async undo(ctx, { from }) {
    await refuseWhileServed(ctx);
    const { outcome } = await undoRestore(await inputOf(ctx, from));
    ctx.log(
      'info',
      outcome === 'renamed_back' ? 'The schema that was aside is back.' : 'Nothing was restored, so nothing is undone.',
    );
  },
} satisfies MachineStep<Params>;

/** Rows that going back would drop, where the schema from before the restore still stands aside. */
async function lossNow(ctx: StepContext): Promise<RowDiffSummary | undefined> {
  const first = stepsOf(ctx).find((one) => one.kind === 'restore');
  const aside = first && first.id !== ctx.step.id ? ctx.factOrNull<string>(first.id, 'aside') : null;
  if (!staysOnTarget(ctx) || !aside || !(await readAsides(placeOf(ctx))).includes(aside)) return undefined;
  return compareSchemas(placeOf(ctx), aside, ctx.signal);
}

const schemaExists = (ctx: StepContext): Promise<boolean> =>
  withTarget(placeOf(ctx).dsn, async (client) => (await readTarget(client, placeOf(ctx))).exists, {
    readOnly: true,
    signal: ctx.signal,
  });

/** Data goes back only while nobody uses the target: the profile is on the source, its users are held, or nothing of
 *  the service is left and its next start serves nobody. */
async function refuseWhileServed(ctx: StepContext): Promise<void> {
  for (const service of ctx.services) {
    const observe = (url: string) => observeInstance(service, url, headersOf(ctx), ctx.signal);
    const [{ instances }, readings] = await Promise.all([
      readHold(ctx, service),
      Promise.all(service.instances.map(observe)),
    ]);
    const isBlocked = isStartBlocked(service) || startsOnSource(ctx, service);
    const served = instances.find(
      (one, at) => !isOnSource(ctx, readings[at]?.observed ?? null) && !isStill(one, isBlocked),
    );
    if (!served) continue;
    throw new CutoverError({
      code: 'state_forbids',
      message: `${service.name} may serve users from the target; its data is not replaced under them. ${served.url}: ${holdWords(served, isBlocked)}.`,
      advice: staysOnTarget(ctx)
        ? 'Hold the users or stop the service first.'
        : `Roll back to ${ctx.runbook.from} first, or hold the users.`,
      retry: 'later',
    });
  }
}

/** Its env file names the source, so that a start leaves the target alone. */
const startsOnSource = (ctx: StepContext, service: ServiceEntry): boolean => {
  const { values } = readEnvFile(service.env_file);
  return surfacesIn(ctx, service).every(({ variable }) => isOnSource(ctx, values[variable] ?? null));
};
