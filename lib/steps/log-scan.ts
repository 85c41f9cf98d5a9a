import { existsSync } from 'node:fs';
import { z } from 'zod';
import type { ServiceEntry } from '@/lib/fleet/schema';
import type { CheckpointResult, PlanLine } from '@/lib/shared/evidence';
import { checkpoint } from './parts/checkpoint';
import { stepsOf } from './parts/places';
import { countLog, type LogCounts, serverErrors, statusOf } from './parts/request-log';
import { findTexts, type OutputMarks, outputFiles } from './parts/service-output';
import type { MachineStep, StepContext } from './step';

const params = z.strictObject({
  /** Id of the baseline step. */
  baseline: z.string(),
  /** A class of 400 and up may grow to this many times its rate in the baseline. */
  times_baseline: z.number().min(1).default(5),
  /** Never an anomaly below this many answers. */
  at_least: z.number().int().min(1).default(5),
  /** Texts that the service must not have said since the switch, in its log or on its output. */
  must_lack: z.array(z.string().min(1)).default([]),
});
type Params = z.infer<typeof params>;
type Row = { kind: string; before: number; now: number; wrong: string | null };

export const step = {
  kind: 'log-scan',
  title: 'Scan the log',
  why: 'Looks for 400 and 500 answers that the baseline did not have.',
  params,
  async plan(ctx, { times_baseline: times, at_least: atLeast, must_lack: texts }) {
    return {
      lines: ctx.services.flatMap((service) => [
        {
          type: 'file' as const,
          on: 'service',
          effect: 'read' as const,
          does: `Counts the answers since users were let through. An answer of 500 and up of a kind the baseline lacks fails, and so does a kind of 400 and up at more than ${times} times its rate there (from ${atLeast} answers on).`,
          text: service.log_file,
          undo: 'nothing to undo',
        },
        ...lackLines(service, texts),
      ]),
    };
  },
  async run(ctx) {
    ctx.log('info', 'Nothing is written; the count is the check.');
  },
  async check(ctx, wanted) {
    const since = thawedAt(ctx);
    const checkpoints = [];
    for (const service of ctx.services) {
      if (wanted.must_lack.length) checkpoints.push(lackCheckpoint(ctx, service, wanted.must_lack));
      const before = ctx.factOrNull<LogCounts | null>(wanted.baseline, `log.${service.name}`);
      if (!before || !since || !existsSync(service.log_file)) {
        checkpoints.push(
          checkpoint(`log-${service.name}`, 'No new kind and no burst of 400 and 500 answers', null, {
            summary: !before
              ? 'the baseline has no log count'
              : !since
                ? 'it is not known since when users were let through'
                : `${service.log_file} is not there`,
          }),
        );
        continue;
      }
      const now = countLog(service.log_file, new Date(since), new Date());
      const rows = compareCounts(before, now, wanted);
      const wrong = rows.filter((row) => row.wrong);
      for (const row of wrong) ctx.log('warn', `${row.kind}: ${row.wrong}`);
      checkpoints.push(
        checkpoint(
          `log-${service.name}`,
          'No new kind and no burst of 400 and 500 answers',
          now.answers === 0 ? null : wrong.length === 0,
          {
            summary:
              now.answers === 0
                ? 'no answer since users were let through: nothing to judge yet'
                : wrong.length
                  ? wrong.map((row) => `${row.kind}: ${row.wrong}`).join('; ')
                  : `${now.answers} answers since ${since}, ${serverErrors(now)} of 500 and up; baseline ${before.answers} answers`,
            table: {
              columns: ['Answer', 'Baseline', 'Since the switch', 'Anomaly'],
              numeric: [1, 2],
              rows: rows.map((row) => [row.kind, String(row.before), String(row.now), row.wrong ?? '']),
            },
            raw: {
              baseline: { from: before.from, until: before.until },
              scanned: { from: now.from, until: now.until },
              serverErrorsByMinute: now.serverErrorsByMinute,
            },
          },
        ),
      );
    }
    return { checkpoints };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;

const lackLines = (service: ServiceEntry, texts: readonly string[]): PlanLine[] =>
  texts.length
    ? [
        {
          type: 'file',
          on: 'service',
          effect: 'read',
          does: `Looks for texts that it must not have said since the switch: ${texts.map((text) => `“${text}”`).join(', ')}.`,
          text: outputFiles(service).join('\n'),
          undo: 'nothing to undo',
        },
      ]
    : [];

/** A service that answers 201 and loses the row says so here only. */
function lackCheckpoint(ctx: StepContext, service: ServiceEntry, texts: readonly string[]): CheckpointResult {
  const switched = stepsOf(ctx).find(({ kind }) => kind === 'switch');
  const marks = switched ? ctx.factOrNull<OutputMarks>(switched.id, 'output') : null;
  const looked = outputFiles(service).map((file) => ({
    file,
    found: marks?.[file] === undefined ? null : findTexts(file, marks[file], texts),
  }));
  const said = looked.flatMap(({ file, found }) => (found ?? []).map((one) => ({ ...one, file })));
  const unknown = looked.filter(({ found }) => found === null).map(({ file }) => file);
  for (const { text, count, first } of said) ctx.log('warn', `“${text}” ${count} times, first: ${first}`);
  return checkpoint(
    `lacks-${service.name}`,
    'The service has said nothing since the switch that it must not say',
    said.length ? false : unknown.length ? null : true,
    {
      summary: said.length
        ? said.map(({ text, count, first }) => `“${text}” ${count} times, first: ${first}`).join('; ')
        : unknown.length
          ? `not read: ${unknown.join(', ')}`
          : `none of ${texts.map((text) => `“${text}”`).join(', ')}`,
      table: {
        columns: ['File', 'Text', 'Lines'],
        numeric: [2],
        rows: looked.flatMap(({ file, found }) =>
          texts.map((text) => [
            file,
            text,
            found === null ? 'not read' : String(found.find((one) => one.text === text)?.count ?? 0),
          ]),
        ),
      },
    },
  );
}

function thawedAt(ctx: StepContext): string | null {
  const thaw = stepsOf(ctx).find((one) => one.kind === 'thaw');
  return thaw ? ctx.factOrNull<string>(thaw.id, 'thawedAt') : null;
}

/** What changed among answers of 400 and up. Rates are per minute, so windows of different length compare. */
export function compareCounts(
  before: LogCounts,
  now: LogCounts,
  wanted: Pick<Params, 'times_baseline' | 'at_least'>,
): Row[] {
  const minutes = (counts: LogCounts): number =>
    Math.max((Date.parse(counts.until) - Date.parse(counts.from)) / 60_000, 1 / 60);
  return [...new Set([...Object.keys(before.classes), ...Object.keys(now.classes)])].sort().map((kind) => {
    const had = before.classes[kind] ?? 0;
    const has = now.classes[kind] ?? 0;
    return {
      kind,
      before: had,
      now: has,
      wrong: statusOf(kind) >= 400 ? anomaly(kind, had / minutes(before), has, has / minutes(now), wanted) : null,
    };
  });
}

function anomaly(
  kind: string,
  rateBefore: number,
  count: number,
  rate: number,
  wanted: Pick<Params, 'times_baseline' | 'at_least'>,
): string | null {
  if (count === 0) return null;
  if (rateBefore === 0 && statusOf(kind) >= 500) return `${count} answers of a kind the baseline lacks`;
  if (count < wanted.at_least) return null;
  if (rateBefore === 0) return `${count} answers of a kind the baseline lacks`;
  return rate > rateBefore * wanted.times_baseline
    ? `${rate.toFixed(1)} a minute, baseline ${rateBefore.toFixed(1)}`
    : null;
}
