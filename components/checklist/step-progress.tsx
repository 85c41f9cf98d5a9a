'use client';
import { useEffect } from 'react';
import { useProgress } from '@/components/live/use-progress';
import { announce } from '@/components/ui/announce';
import { useServerNow } from '@/components/ui/clock';
import { cn } from '@/components/ui/cn';
import { ProgressBar } from '@/components/ui/progress-bar';
import { Time } from '@/components/ui/time';
import { isLive } from '@/lib/shared/statuses';
import type { AttemptDto } from '@/lib/views/dto';
import { type PartWords, partWords, progressWords } from './progress-words';

function PartRow({ part }: { part: PartWords }) {
  return (
    <li className="grid h-6 grid-cols-[minmax(120px,150px)_1fr_128px_104px] items-center gap-4 text-12 max-md:h-auto max-md:grid-cols-[1fr_auto] max-md:gap-x-3 max-md:gap-y-1 max-md:py-1">
      <span className={cn('truncate font-mono', part.queued ? 'text-t3' : 'text-t1')} title={part.name}>
        {part.name}
      </span>
      <span className="max-md:order-3 max-md:col-span-2">
        <ProgressBar fraction={part.fraction} size="thin" tone={part.tone} label={part.name} />
      </span>
      <span className={cn('text-right whitespace-nowrap tabular-nums', part.queued ? 'text-t3' : 'text-t1')}>
        {part.done} <span className="text-t3">{part.of}</span>
      </span>
      <span
        className={cn(
          'text-right whitespace-nowrap tabular-nums max-md:hidden',
          part.aside.includes('/s') ? 'text-t1' : 'text-t3',
        )}
      >
        {part.endedAt ? (
          <>
            done <Time iso={part.endedAt} />
          </>
        ) : (
          part.aside
        )}
      </span>
    </li>
  );
}

/** Counts on in sight; told once, and again only when another reason is known. */
function Still({ notice, reason }: { notice: string; reason: string | null }) {
  useEffect(() => announce(reason ? `No progress: ${reason}` : 'No progress.'), [reason]);
  return <p className="mt-1 text-13 text-amber">{notice}</p>;
}

/** Exact counts, a bar a table and one total. Blue moves, grey is done, amber is late or stuck; green stays a verdict. */
export function StepProgress({ attempt, plannedMs }: { attempt: AttemptDto; plannedMs: number }) {
  const live = isLive(attempt.state);
  const nowMs = useServerNow(live ? 500 : 60_000);
  const series = useProgress(attempt.id, attempt.progress, live);
  if (!series) return null;
  const words = progressWords(series, {
    nowMs,
    startedMs: Date.parse(attempt.startedAt ?? series.best.startedAt),
    plannedMs,
  });
  const parts = partWords(series, words.tone === 'late');
  return (
    <section aria-label="Progress" className="mt-4">
      <div className="flex items-baseline gap-2">
        <span className="text-20 font-semibold tracking-tight text-t1 tabular-nums">{words.done}</span>
        <span className="text-13 text-t2 tabular-nums">{words.of}</span>
        <span
          className={cn('ml-auto text-right text-13 tabular-nums', words.tone === 'late' ? 'text-amber' : 'text-t2')}
        >
          <span className="max-md:hidden">
            {words.rate}
            {words.rate && words.left && <span className="mx-1.5">·</span>}
          </span>
          <b className={cn('font-medium', words.tone !== 'late' && 'text-t1')}>{words.left}</b>
        </span>
      </div>
      <div className="mt-2">
        <ProgressBar
          fraction={words.fraction}
          size="thick"
          tone={words.tone}
          tick={words.tick ?? undefined}
          label="Whole step"
        />
      </div>
      <div className="relative mt-1 flex h-4 justify-end text-11 text-t3 tabular-nums">
        {words.tick !== null && (
          <span
            className="absolute -translate-x-1/2 whitespace-nowrap max-md:hidden"
            style={{ left: `clamp(32px, ${words.tick * 100}%, calc(100% - 80px))` }}
          >
            plan {Math.round(words.tick * 100)} %
          </span>
        )}
        <span className="max-md:hidden">{words.percent}</span>
      </div>
      {words.notice && <Still notice={words.notice} reason={series.best.waiting?.reason ?? null} />}
      {parts.length > 0 && (
        <ul className="mt-2">
          {parts.map((part) => (
            <PartRow key={part.name} part={part} />
          ))}
        </ul>
      )}
    </section>
  );
}
