import { CutoverError } from '@/lib/errors';
import type { CheckpointResult, PlanLine } from '@/lib/shared/evidence';
import type { StepContext } from '@/lib/steps/step';
import { judgeAnswers, judgedBy, judgeTexts, type Stretch, stretchSinceSwitch } from './log-judgement';
import { stepsOf } from './places';
import { type OutputMarks, outputFiles } from './service-output';

const scanOf = (ctx: StepContext) => stepsOf(ctx).findLast(({ kind }) => kind === 'log-scan');

/** What close reads of the log before it takes anything down; empty where the runbook scans none. */
export const planSinceScan = (ctx: StepContext): PlanLine[] =>
  scanOf(ctx)
    ? ctx.services.map((service) => ({
        type: 'file',
        on: 'service',
        effect: 'read',
        does: 'Judges the log since it was last scanned, as that scan did. An anomaly ends this step before anything is taken down.',
        text: outputFiles(service).join('\n'),
        undo: 'nothing to undo',
      }))
    : [];

/**
 * Judges what the services answered and said between the last log scan and a moment, as that scan does. What that scan
 * found is its own affair: it passed, or two people have answered for it.
 */
export function judgeSinceScan(ctx: StepContext, until: Date): CheckpointResult[] {
  const scan = scanOf(ctx);
  if (!scan) return [];
  const wanted = judgedBy.parse(scan.params);
  const scanned = ctx.factOrNull<{ until: string; marks: OutputMarks }>(scan.id, 'scanned');
  const stretch: Stretch = scanned
    ? {
        from: new Date(scanned.until),
        until,
        marks: scanned.marks,
        since: `the log was scanned at ${scanned.until}`,
        mayBeSilent: true,
      }
    : { ...stretchSinceSwitch(ctx, until), mayBeSilent: true };
  // What could not be read at the scan had nothing to show, and whoever overrode that knew it.
  const wasRead = (file: string): boolean => !scanned || file in scanned.marks;
  return ctx.services.flatMap((service) =>
    [
      ...(wanted.must_lack.length && outputFiles(service).every(wasRead)
        ? [judgeTexts(ctx, service, wanted.must_lack, stretch)]
        : []),
      ...(wasRead(service.log_file) && ctx.factOrNull(wanted.baseline, `log.${service.name}`) !== null
        ? [judgeAnswers(ctx, service, wanted, stretch)]
        : []),
    ].map((one) => ({ ...one, claim: `${one.claim}, up to the close` })),
  );
}

/** @throws CutoverError log_anomaly when the log since the last scan does not hold */
export function refuseAnomalies(ctx: StepContext, until: Date): void {
  const bad = judgeSinceScan(ctx, until).filter(({ verdict }) => verdict !== 'passed');
  if (bad.length === 0) return;
  throw new CutoverError({
    code: 'log_anomaly',
    message: `The log shows, since it was last scanned: ${bad.map(({ evidence }) => evidence.summary).join('; ')}. Nothing was taken down.`,
    advice: 'Roll back, or run the log scan again and decide on what it shows; then close.',
    retry: 'later',
  });
}
