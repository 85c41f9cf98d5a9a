import { z } from 'zod';
import { planRepair, type RepairReport, repairRows } from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import { readEnvFile } from '@/lib/services/env-file';
import type { PlanLine } from '@/lib/shared/evidence';
import { formatCount } from '@/lib/shared/format';
import { fencingToken } from './parts/fencing-token';
import { checkpoint } from './parts/checkpoint';
import { diffCheckpoints, diffNow } from './parts/row-diff-evidence';
import { placeOf, scopeOf, sourceFrom, sourceNamed, stepsOf } from './parts/places';
import { surfacesIn } from './parts/surfaces';
import type { MachineStep, PlanDraft, StepContext } from './step';

const params = z.strictObject({
  from: z.string(),
  /** The plan names the rows by key, so that a person approves exactly these: what a row diff offers before the switch. */
  listed: z.boolean().default(false),
});
type Params = z.infer<typeof params>;
type Done = Pick<RepairReport, 'inserted' | 'updated' | 'deleted' | 'sequences'>;

/** Keys that the plan names; its digest covers all rows. */
const listedKeys = 200;

/** The rows that a person is asked about, and where they lie. @throws CutoverError state_forbids */
async function planListed(ctx: StepContext, from: string): Promise<PlanDraft> {
  refuseOnTarget(ctx);
  const source = sourceFrom(ctx, from);
  const { schema } = placeOf(ctx);
  const { report, keys, digest } = await planRepair(
    {
      source: source.location,
      scope: scopeOf(ctx),
      place: placeOf(ctx),
      rules: ctx.rules(),
      holdsAt: source.holdsAt,
      signal: ctx.signal,
      progress: ctx.progress,
    },
    listedKeys,
  );
  const total = BigInt(report.differing) + BigInt(report.missing) + BigInt(report.extra);
  const undo = 'none for what the target holds in these rows now; import can run again from the copy';
  const lines = report.tables.flatMap((table): PlanLine[] => {
    const own = keys.filter((one) => one.table === table.table);
    if (BigInt(table.differing) + BigInt(table.missing) + BigInt(table.extra) === 0n) return [];
    const verb = { missing: 'insert', differing: 'update', extra: 'delete' } as const;
    const left = BigInt(table.differing) + BigInt(table.missing) + BigInt(table.extra) - BigInt(own.length);
    return [
      {
        type: 'sql',
        on: 'target',
        effect: 'write',
        does: `${schema}.${table.table}: inserts ${table.missing}, updates ${table.differing}, deletes ${table.extra}.`,
        text: [
          ...own.map(({ kind, key }) => `${verb[kind]} ${key}`),
          ...(left > 0n ? [`and ${formatCount(left)} more, covered by the digest`] : []),
        ].join('\n'),
        undo,
      },
    ];
  });
  const check: PlanLine = {
    type: 'check',
    on: 'target',
    effect: 'read',
    does: 'Compares source and target row by row again, by itself.',
    text: `rows ${formatCount(total)}, digest ${digest}`,
    undo: 'nothing to undo',
  };
  const { durationMs: _, ...loss } = report;
  return { lines: [...lines, check], loss };
}

/** Once the service writes to the target, the target is the authority and must not follow the source. */
function refuseOnTarget(ctx: StepContext): void {
  for (const service of ctx.services) {
    const { values } = readEnvFile(service.env_file);
    if (!surfacesIn(ctx, service).some(({ variable }) => values[variable] === ctx.runbook.to)) continue;
    throw new CutoverError({
      code: 'state_forbids',
      message: `${service.name} is set to ${ctx.runbook.to}, so its users write to the target; nothing was repaired.`,
      advice: 'Rows of the target are repaired only while the service is on the source.',
    });
  }
}

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
  async plan(ctx, { from, listed }) {
    if (listed) return planListed(ctx, from);
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
  async run(ctx, { from, listed }) {
    if (listed) refuseOnTarget(ctx);
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
  async check(ctx, { from, listed }) {
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
    if (listed || comparesNext(ctx, from)) return { checkpoints: [repaired] };
    return { checkpoints: [repaired, ...diffCheckpoints(await diffNow(ctx, from))] };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;
