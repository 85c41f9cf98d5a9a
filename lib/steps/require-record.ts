import { z } from 'zod';
import { CutoverError } from '@/lib/errors';
import { runbooksOf } from '@/lib/fleet/schema';
import { prove } from './parts/checkpoint';
import { type MadeWith, madeWith, madeWithNow, type RehearsalRecord, resultLines } from './parts/rehearsal';
import type { KeptRecord, MachineStep, StepContext } from './step';

const dayMs = 86_400_000;
const params = z.strictObject({
  /** Name under which a rehearsal kept its result. */
  record: z.string(),
  /** Older than this it counts no more; the step goes stale by itself on that day. */
  valid_days: z.number().positive().max(3650),
  /** Parts that must still be as they were when it was made. */
  same: z
    .array(z.enum(madeWith))
    .min(1)
    .default([...madeWith]),
  /** Runbook that makes such a record: the way out that is told. */
  runbook: z.string(),
  contract: z.string().optional(),
});
type Params = z.infer<typeof params>;

export const step = {
  kind: 'require-record',
  title: 'Require a recorded rehearsal',
  why: 'What this cutover relies on must have been rehearsed lately, with the tools, server and tables of today.',
  params,
  async plan(ctx, { record, valid_days: days, same, runbook }) {
    return {
      lines: [
        {
          type: 'check',
          on: 'console',
          effect: 'read',
          does: `Finds the newest record ${record} of ${ctx.system.title}: at most ${days} days old, and made with the same ${same.map(partWords).join(', ')}.`,
          text: `runbook ${runbook}`,
          undo: 'nothing to undo',
        },
      ],
    };
  },
  async run(ctx) {
    ctx.log('info', 'Nothing is written; the record is the check.');
  },
  async check(ctx, params) {
    const kept = await ctx.record<RehearsalRecord>(params.record);
    const now = await madeWithNow(ctx, params.contract);
    const checkpoints = [
      await prove('recorded', `A rehearsal is on record, at most ${params.valid_days} days old`, () =>
        freshProof(ctx, kept, params),
      ),
    ];
    if (kept)
      checkpoints.push(
        await prove('unchanged', 'It was made with the tools, server and tables of today', () =>
          sameProof(ctx, kept.value, now, params),
        ),
      );
    if (kept) ctx.setFact('validUntil', untilOf(kept.value, params));
    return { checkpoints };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;

const partWords = (part: string): string => part.replaceAll('_', ' ');
const untilOf = ({ at }: RehearsalRecord, { valid_days: days }: Params): string =>
  new Date(Date.parse(at) + days * dayMs).toISOString();
/** This cutover keeps its profile, so that the rehearsal is walked beside it or before the next one. */
function wayOut({ system, profile }: StepContext, { runbook }: Params): string {
  const able = system.profiles.filter((one) => runbooksOf(one).includes(runbook)).map(({ source_id: id }) => id);
  const others = able.filter((id) => id !== profile.source_id);
  const beside = `Walk runbook ${runbook} on ${others.slice(0, 3).join(' or ')} (New cutover), which counts for the whole system; then run this step again`;
  const before = `abandon this cutover, walk runbook ${runbook} on ${profile.source_id}, and plan again`;
  if (!others.length) return `Walk runbook ${runbook} first. This cutover keeps ${profile.source_id}: ${before}.`;
  return able.includes(profile.source_id) ? `${beside}. Or ${before}.` : `${beside}.`;
}

function freshProof(ctx: StepContext, kept: KeptRecord<RehearsalRecord> | null, params: Params) {
  if (!kept)
    throw new CutoverError({
      code: 'record_missing',
      message: `No rehearsal ${params.record} of ${ctx.system.title} is on record.`,
      advice: wayOut(ctx, params),
      retry: 'later',
    });
  const { value, sourceId, runbook, cutoverId } = kept;
  const until = untilOf(value, params);
  if (Date.parse(until) <= Date.now())
    throw new CutoverError({
      code: 'record_stale',
      message: `The last rehearsal is of ${value.at} and counted until ${until}.`,
      advice: wayOut(ctx, params),
      retry: 'later',
    });
  if (!value.passed)
    throw new CutoverError({
      code: 'record_stale',
      message: `The last rehearsal, of ${value.at}, failed; an older one does not stand in for it.`,
      advice: `Open its evidence and mend what it found. ${wayOut(ctx, params)}`,
      retry: 'later',
    });
  return {
    holds: true,
    summary: `${value.at}, ${runbook} of ${sourceId}, counts until ${until}`,
    table: { columns: ['Result'], rows: resultLines(value.result).map((line) => [line]) },
    raw: { cutoverId, backupFile: value.backup_file },
  };
}

function sameProof(ctx: StepContext, then: RehearsalRecord, now: MadeWith, params: Params) {
  const changed = params.same.filter((part) => then[part] !== now[part]);
  if (changed.length)
    throw new CutoverError({
      code: 'record_stale',
      message: `Since the rehearsal of ${then.at} changed: ${changed.map((part) => `${partWords(part)} was ${then[part]}, is ${now[part]}`).join('; ')}.`,
      advice: wayOut(ctx, params),
      retry: 'later',
      facts: { changed },
    });
  return {
    holds: true,
    summary: `${params.same.map(partWords).join(', ')} are the same`,
    table: {
      columns: ['Part', 'Rehearsed with', 'Now'],
      rows: madeWith.map((part) => [partWords(part), then[part], now[part]]),
    },
  };
}
