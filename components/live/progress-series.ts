import type { Progress } from '@/lib/shared/evidence';
import { leftWords } from '@/lib/shared/progress';

/** `parts`: what this attempt itself did of each. */
type Sample = { atMs: number; parts: Record<string, number> };
/** Readings of one attempt, oldest first, and the furthest one: a bar never runs backwards. */
export type ProgressSeries = { best: Progress; samples: Sample[]; movedAtMs: number; firstAtMs: number };

const keepMs = 12_000;
/** Before this many ms of readings a rate is a guess. */
const measureMs = 3_000;
const stillMs = 10_000;

type Part = NonNullable<Progress['parts']>[number];

function furtherParts(before: Part[] | undefined, next: Part[] | undefined): Part[] | undefined {
  if (!next) return before;
  const kept = new Map(before?.map((part) => [part.name, part]));
  return next.map((part) => {
    const old = kept.get(part.name);
    return old && old.done > part.done ? { ...part, done: old.done } : part;
  });
}

const sampleOf = (reading: Progress): Sample => ({
  atMs: Date.parse(reading.at),
  parts: Object.fromEntries(reading.parts?.map((part) => [part.name, part.done - (part.kept ?? 0)]) ?? []),
});

/** A series with one reading more; readings older than the newest change nothing. */
export function addReading(series: ProgressSeries | null, reading: Progress): ProgressSeries {
  const sample = sampleOf(reading);
  if (!series || series.best.unit !== reading.unit)
    return { best: reading, samples: [sample], movedAtMs: sample.atMs, firstAtMs: sample.atMs };
  const newest = series.samples.at(-1);
  if (newest && sample.atMs <= newest.atMs) return series;
  const moved = reading.done > series.best.done || partsDone(reading) > partsDone(series.best);
  const parts = furtherParts(series.best.parts, reading.parts);
  return {
    best: { ...reading, done: Math.max(series.best.done, reading.done), ...(parts ? { parts } : {}) },
    samples: [...series.samples.filter((old) => sample.atMs - old.atMs <= keepMs), sample],
    movedAtMs: moved ? sample.atMs : series.movedAtMs,
    firstAtMs: series.firstAtMs,
  };
}

const partsDone = (reading: Progress): number => reading.parts?.filter((part) => part.state === 'done').length ?? 0;

/** Units per second of one part since it began, over the kept readings; null while measuring. The whole step's rate comes with its readings. */
export function partPerSecond(series: ProgressSeries, part: string): number | null {
  const of = (sample: Sample): number => sample.parts[part] ?? 0;
  const last = series.samples.at(-1);
  // What was read before the part began would make it slower than it is.
  const first = series.samples.findLast((sample) => of(sample) === 0) ?? series.samples[0];
  if (!first || !last || last.atMs - first.atMs < measureMs) return null;
  const rate = ((of(last) - of(first)) * 1000) / (last.atMs - first.atMs);
  return rate > 0 ? rate : null;
}

/** How long nothing has moved, in ms, once it is worth a word. */
export function msStill(series: ProgressSeries, nowMs: number): number | null {
  const still = nowMs - series.movedAtMs;
  return still >= stillMs && series.best.done !== series.best.total ? still : null;
}

/** "about 13 s left" at the rate of the newest reading; null while measuring, and where nothing has moved for a while. */
export const leftOf = (series: ProgressSeries, nowMs: number): string | null =>
  msStill(series, nowMs) === null ? leftWords(series.best) : null;
