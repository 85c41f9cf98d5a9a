import { cn } from '@/components/ui/cn';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { TextWithTimes } from '@/components/ui/text-with-times';
import { formatAbout, formatDuration } from '@/lib/shared/format';
import type { GlyphStatus } from '@/lib/shared/statuses';
import type { LiveStripDto } from '@/lib/views/dto';
import { cellMs, cellText, stripBar, type StripPart } from './strip-words';

const glyph: Record<LiveStripDto['cells'][number]['state'], GlyphStatus> = {
  waiting: 'locked',
  running: 'running',
  passed: 'passed',
  failed: 'failed',
};
const fill: Record<StripPart['state'], string> = {
  waiting: '',
  running: 'bg-fill-blue',
  passed: 'bg-fill-green',
  failed: 'bg-red',
  between: 'bg-t3',
};
/** One bar to the limit, with a tick where it was predicted to end. */
export function StripBar({ strip, nowMs }: { strip: LiveStripDto; nowMs: number }) {
  const tick = strip.predictedMs === null ? null : Math.min(1, strip.predictedMs / strip.limitMs);
  return (
    <div className="mt-5">
      <div className="relative">
        <div
          role="img"
          aria-label={`${formatDuration(strip.limitMs)} limit`}
          className="flex h-2 gap-0.5 overflow-hidden rounded-full bg-s3"
        >
          {stripBar(strip, nowMs).map((part) => (
            <span
              key={part.stepId}
              className={cn('h-full', fill[part.state])}
              style={{ width: `${part.share * 100}%` }}
            />
          ))}
        </div>
        {tick !== null && (
          <i className="absolute -top-1 h-4 w-0.5 -translate-x-1/2 bg-ink" style={{ left: `${tick * 100}%` }} />
        )}
      </div>
      <div className="relative mt-1.5 flex justify-between text-11 text-t3 tabular-nums">
        <span>0 s</span>
        {tick !== null && strip.predictedMs !== null && (
          <span
            className="absolute -translate-x-1/2 max-md:hidden"
            style={{ left: `clamp(72px, ${tick * 100}%, calc(100% - 120px))` }}
          >
            predicted {formatAbout(strip.predictedMs)}
          </span>
        )}
        <span>limit {formatAbout(strip.limitMs)}</span>
      </div>
    </div>
  );
}

/** `said`: the sentence above, which tells what broke as soon as the press has ended. */
type CellProps = { cell: LiveStripDto['cells'][number]; nowMs: number; said: string };

/** One step of the press with its seconds. */
export function StripCell({ cell, nowMs, said }: CellProps) {
  const ms = cellMs(cell, nowMs);
  const waits = cell.state === 'waiting';
  return (
    <li
      className={cn(
        '-ml-px min-w-0 border-t border-l border-line px-4 py-3',
        cell.state === 'running' && 'bg-blue/tint',
        cell.state === 'failed' && 'bg-red/tint',
      )}
    >
      <div className="flex items-start gap-2">
        <span className="mt-0.5 grid">
          <StatusGlyph status={glyph[cell.state]} />
        </span>
        <span className={cn('min-w-0 text-13 font-medium', waits ? 'text-t3' : 'text-t1')}>{cell.title}</span>
        <span className="sr-only">{cell.state}</span>
        <span className={cn('ml-auto shrink-0 pl-2 text-14 font-semibold tabular-nums', waits ? 'text-t3' : 'text-t1')}>
          {ms === null ? '–' : formatDuration(ms)}
        </span>
      </div>
      <p className="mt-1 break-words text-12 text-t2">
        <TextWithTimes text={cellText(cell, said)} />
      </p>
    </li>
  );
}
