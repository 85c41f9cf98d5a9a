import { existsSync } from 'node:fs';
import { z } from 'zod';
import type { ServiceEntry } from '@/lib/fleet/schema';
import type { CheckpointResult } from '@/lib/shared/evidence';
import type { StepContext } from '@/lib/steps/step';
import { checkpoint } from './checkpoint';
import { stepsOf } from './places';
import { countLog, type LogCounts, serverErrors, statusOf } from './request-log';
import { findTexts, type OutputMarks, outputFiles } from './service-output';

export const judgedBy = z.strictObject({
  /** Id of the baseline step. */
  baseline: z.string(),
  /** A class of 400 and up may grow to this many times its rate in the baseline. */
  times_baseline: z.number().min(1).default(5),
  /** Never an anomaly below this many answers. */
  at_least: z.number().int().min(1).default(5),
  /** Texts that the service must not have said since the switch, in its log or on its output. */
  must_lack: z.array(z.string().min(1)).default([]),
});
export type JudgedBy = z.infer<typeof judgedBy>;
/** `lasts`: it counts more the longer it is counted. A rate may fall again. */
type Row = { kind: string; before: number; now: number; wrong: string | null; lasts: boolean };

/** A stretch of a service's log and output: from a moment to a moment, and from a byte of each file on. */
export type Stretch = {
  /** Null: not known. */
  from: Date | null;
  until: Date;
  marks: OutputMarks | null;
  /** What the stretch is since, in a sentence. */
  since: string;
  /** No answer in it leaves nothing to fear: an earlier scan has judged answers already. */
  mayBeSilent: boolean;
};

/** The stretch that a scan judges: since users were let through, and since the switch what the service said. */
export function stretchSinceSwitch(ctx: StepContext, until: Date): Stretch {
  const factOf = <T>(kind: string, name: string): T | null => {
    const found = stepsOf(ctx).find((one) => one.kind === kind);
    return found ? ctx.factOrNull<T>(found.id, name) : null;
  };
  const thawedAt = factOf<string>('thaw', 'thawedAt');
  return {
    from: thawedAt ? new Date(thawedAt) : null,
    until,
    marks: factOf<OutputMarks>('switch', 'output'),
    since: 'users were let through',
    mayBeSilent: false,
  };
}

/** Compares the answers of a stretch with those of the baseline. */
export function judgeAnswers(
  ctx: StepContext,
  service: ServiceEntry,
  wanted: JudgedBy,
  stretch: Stretch,
): CheckpointResult {
  const claim = 'No new kind and no burst of 400 and 500 answers';
  const before = ctx.factOrNull<LogCounts | null>(wanted.baseline, `log.${service.name}`);
  if (!before || !stretch.from || !existsSync(service.log_file))
    return checkpoint(`log-${service.name}`, claim, null, {
      summary: !before
        ? 'the baseline has no log count'
        : !stretch.from
          ? `it is not known since when ${stretch.since}`
          : `${service.log_file} is not there`,
    });
  const now = countLog(service.log_file, stretch.from, stretch.until);
  const rows = compareCounts(before, now, wanted);
  const wrong = rows.filter((row) => row.wrong);
  for (const row of wrong) ctx.log('warn', `${row.kind}: ${row.wrong}`);
  const silent = now.answers === 0;
  return checkpoint(`log-${service.name}`, claim, silent && !stretch.mayBeSilent ? null : wrong.length === 0, {
    summary: silent
      ? `no answer since ${stretch.since}: nothing to judge${stretch.mayBeSilent ? '' : ' yet'}`
      : wrong.length
        ? wrong.map((row) => `${row.kind}: ${row.wrong}`).join('; ')
        : `${now.answers} answers from ${now.from} to ${now.until}, ${serverErrors(now)} of 500 and up; baseline ${before.answers} answers`,
    table: {
      columns: ['Answer', 'Baseline', 'Since the switch', 'Anomaly'],
      numeric: [1, 2],
      rows: rows.map((row) => [row.kind, String(row.before), String(row.now), row.wrong ?? '']),
    },
    raw: {
      baseline: { from: before.from, until: before.until },
      scanned: { from: now.from, until: now.until },
      serverErrorsByMinute: now.serverErrorsByMinute,
      lasts: wrong.some(({ lasts }) => lasts),
    },
  });
}

/** A service that answers 201 and loses the row says so here only. */
export function judgeTexts(
  ctx: StepContext,
  service: ServiceEntry,
  texts: readonly string[],
  { marks }: Stretch,
): CheckpointResult {
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
      raw: { lasts: said.length > 0 },
    },
  );
}

/** Some of what these found is in the log for good. */
export const lastsInLog = (checkpoints: readonly CheckpointResult[]): boolean =>
  checkpoints.some(({ verdict, evidence: { raw } }) => {
    const told = raw && typeof raw === 'object' && !Array.isArray(raw) ? raw.lasts : false;
    return verdict === 'failed' && told === true;
  });

/** What changed among answers of 400 and up. Rates are per minute, so windows of different length compare. */
export function compareCounts(
  before: LogCounts,
  now: LogCounts,
  wanted: Pick<JudgedBy, 'times_baseline' | 'at_least'>,
): Row[] {
  const minutes = (counts: LogCounts): number =>
    Math.max((Date.parse(counts.until) - Date.parse(counts.from)) / 60_000, 1 / 60);
  return [...new Set([...Object.keys(before.classes), ...Object.keys(now.classes)])].sort().map((kind) => {
    const had = before.classes[kind] ?? 0;
    const has = now.classes[kind] ?? 0;
    const wrong = statusOf(kind) >= 400 ? anomaly(kind, had / minutes(before), has, has / minutes(now), wanted) : null;
    return { kind, before: had, now: has, wrong, lasts: wrong !== null && had === 0 };
  });
}

function anomaly(
  kind: string,
  rateBefore: number,
  count: number,
  rate: number,
  wanted: Pick<JudgedBy, 'times_baseline' | 'at_least'>,
): string | null {
  if (count === 0) return null;
  if (rateBefore === 0 && statusOf(kind) >= 500) return `${count} answers of a kind the baseline lacks`;
  if (count < wanted.at_least) return null;
  if (rateBefore === 0) return `${count} answers of a kind the baseline lacks`;
  return rate > rateBefore * wanted.times_baseline
    ? `${rate.toFixed(1)} a minute, baseline ${rateBefore.toFixed(1)}`
    : null;
}
