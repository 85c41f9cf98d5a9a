import type { Progress } from '@/lib/shared/evidence';
import { formatBytes, formatCount, formatDuration } from '@/lib/shared/format';

export type Sample = { atMs: number; done: number };
/** The rate is that of the last seconds, so that it follows a slow table and forgets a fast one. */
const windowMs = 5_000;

/** Samples that still count, with the newest. */
export const sampled = (samples: readonly Sample[], now: Sample): Sample[] => {
  const first = samples[0];
  // Another part or step began to count from zero.
  const own = first && now.done < (samples.at(-1)?.done ?? 0) ? [] : samples;
  return [...own.filter(({ atMs }) => now.atMs - atMs <= windowMs), now];
};

const amount = (value: number, unit: Progress['unit']): string =>
  unit === 'bytes' ? formatBytes(value) : formatCount(value);

/** "41,200 of 350,000 rows, 12 %, 20,600 rows/s, 15 s left". Exact counts; the time is from the rate just seen. */
export function totalWords({ unit, done, total, waiting }: Progress, samples: readonly Sample[]): string {
  const [first, last] = [samples[0], samples.at(-1)];
  const seconds = first && last ? (last.atMs - first.atMs) / 1000 : 0;
  const rate = first && last && seconds >= 0.2 ? (last.done - first.done) / seconds : 0;
  const of = total === null ? '' : ` of ${amount(total, unit)}`;
  const words = [`${amount(done, unit)}${of}${unit === 'bytes' ? '' : ` ${unit}`}`];
  if (total) words.push(`${Math.floor((done / total) * 100)} %`);
  if (rate > 0 && unit !== 'checks')
    words.push(`${amount(Math.round(rate), unit)}${unit === 'bytes' ? '' : ` ${unit}`}/s`);
  if (rate > 0 && total !== null && done < total) words.push(`${formatDuration(((total - done) / rate) * 1000)} left`);
  if (waiting) words.push(`waiting: ${waiting.reason}`);
  return words.join(', ');
}

type Part = NonNullable<Progress['parts']>[number];
const words: Record<Part['state'], string> = { queued: 'waits', running: '', done: 'done', failed: 'failed' };

/** "  tracks   3,503 of 3,503 rows  done" */
export function partWords({ name, done, total, state }: Part, unit: Progress['unit'], width: number): string {
  // A table that has ended is whole, whatever its last reading in between was.
  if (state === 'done') return `    ${name.padEnd(width)}  ${amount(total ?? done, unit)} ${unit}  done`;
  const of = total === null ? '' : ` of ${amount(total, unit)}`;
  const percent = state === 'running' && total ? `${Math.floor((done / total) * 100)} %` : words[state];
  return `    ${name.padEnd(width)}  ${amount(done, unit)}${of} ${unit}  ${percent}`.trimEnd();
}
