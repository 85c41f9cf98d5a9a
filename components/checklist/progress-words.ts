import { leftOf, msStill, partPerSecond, type ProgressSeries } from '@/components/live/progress-series';
import { formatCount, formatDuration } from '@/lib/shared/format';

export type ProgressWords = {
  done: string;
  /** "of 206,853 rows", "requests read" */
  of: string;
  /** "3,412 rows/s"; null while measuring or still. */
  rate: string | null;
  /** "about 13 s left", "measuring", "2 m over plan", "done" */
  left: string;
  fraction: number | null;
  percent: string | null;
  /** Where the plan expected to be, 0..1; null once the planned time is over. */
  tick: number | null;
  tone: 'moving' | 'late' | 'done';
  /** "No progress for 12 s: waiting for a lock held by pid 812." */
  notice: string | null;
};

const round = (rate: number): string => (rate < 10 ? rate.toFixed(1) : formatCount(Math.round(rate)));

function overPlan(elapsedMs: number, plannedMs: number): string | null {
  return plannedMs > 0 && elapsedMs > 2 * plannedMs ? `${formatDuration(elapsedMs - plannedMs)} over plan` : null;
}

function noticeOf(series: ProgressSeries, nowMs: number): string | null {
  const still = msStill(series, nowMs);
  const waiting = series.best.waiting;
  if (still === null) return null;
  const why = waiting ? `: ${waiting.reason}` : '';
  return `No progress for ${formatDuration(still)}${why}${why.endsWith('.') ? '' : '.'}`;
}

function timeLeft(series: ProgressSeries, nowMs: number, still: boolean): string {
  if (still || series.best.total === null) return '';
  return leftOf(series, nowMs) ?? 'measuring';
}

/** What is said beside a bar. Exact counts; a time left only when it was measured, amber when late or stuck. */
export function progressWords(
  series: ProgressSeries,
  given: { nowMs: number; startedMs: number; plannedMs: number },
): ProgressWords {
  const { best } = series;
  const { total } = best;
  const finished = total !== null && best.done >= total;
  const fraction = total === null ? null : total === 0 ? 1 : Math.min(1, best.done / total);
  const elapsedMs = given.nowMs - given.startedMs;
  const over = finished ? null : overPlan(elapsedMs, given.plannedMs);
  const notice = noticeOf(series, given.nowMs);
  const rate = notice || finished ? null : (best.perSecond ?? null);
  return {
    done: formatCount(best.done),
    of: total === null ? `${best.unit} read` : `of ${formatCount(total)} ${best.unit}`,
    rate: rate === null ? null : `${round(rate)} ${best.unit}/s`,
    left: finished ? 'checking' : (over ?? timeLeft(series, given.nowMs, notice !== null)),
    fraction,
    percent: fraction === null ? null : `${Math.floor(fraction * 100)} %`,
    tick:
      given.plannedMs > 0 && elapsedMs < given.plannedMs && !finished ? Math.max(0, elapsedMs) / given.plannedMs : null,
    tone: finished ? 'done' : over || notice ? 'late' : 'moving',
    notice,
  };
}

export type PartWords = {
  name: string;
  done: string;
  of: string;
  fraction: number | null;
  tone: 'moving' | 'late' | 'done';
  queued: boolean;
  aside: string;
  endedAt: string | null;
};

/** One line a part: its count, and what it does now. */
export function partWords(series: ProgressSeries, stuck: boolean): PartWords[] {
  return (series.best.parts ?? []).map((part) => {
    const rate = part.state === 'running' ? partPerSecond(series, part.name) : null;
    const leftMs = rate && part.total !== null ? ((part.total - part.done) / rate) * 1000 : null;
    return {
      name: part.name,
      done: formatCount(part.done),
      of: part.total === null ? '' : `of ${formatCount(part.total)}`,
      fraction:
        part.total === null
          ? null
          : part.total === 0
            ? part.state === 'done'
              ? 1
              : 0
            : Math.min(1, part.done / part.total),
      tone: part.state === 'done' ? 'done' : stuck || part.state === 'failed' ? 'late' : 'moving',
      queued: part.state === 'queued',
      aside:
        part.state === 'running'
          ? [rate && `${round(rate)}/s`, leftMs && `${formatDuration(Math.max(1000, leftMs))} left`]
              .filter(Boolean)
              .join(', ') || 'measuring'
          : part.state,
      endedAt: part.state === 'done' ? (part.endedAt ?? null) : null,
    };
  });
}
