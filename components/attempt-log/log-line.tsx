import { memo, type MouseEvent } from 'react';
import { useZone } from '@/components/ui/clock';
import { cn } from '@/components/ui/cn';
import { formatClockDuration, formatTime } from '@/lib/shared/format';
import type { LogRow } from '@/lib/views/dto';
import { LogText } from './log-text';

export type TimeMode = 'clock' | 'precise' | 'elapsed' | 'off';

const levelTone: Record<string, string> = { note: 'text-blue', warn: 'text-amber', error: 'text-red' };
const rowTint: Record<string, string> = { warn: 'bg-amber/tint', error: 'bg-red/tint' };

function timeText(at: string, mode: TimeMode, zone: string, startedAt: string | null): string {
  if (mode === 'elapsed') return `+${formatClockDuration(Date.parse(at) - Date.parse(startedAt ?? at))}`;
  const clock = formatTime(at, zone);
  return mode === 'precise' ? `${clock}.${at.slice(20, 23).padEnd(3, '0')}` : clock;
}

type Props = {
  row: LogRow;
  mode: TimeMode;
  startedAt: string | null;
  wrap: boolean;
  query?: string;
  selected?: boolean;
  current?: boolean;
  /** Anchor and handler of the number; without it the number is plain. */
  onNumber?: (line: number, event: MouseEvent) => void;
  /** Narrow screens: a tap shows time and stream. */
  detail?: boolean;
  onTap?: (line: number) => void;
};

/** One line: number, time, level, stream, text. Only warn and error tint their row. */
export const LogLine = memo(function LogLine({
  row,
  mode,
  startedAt,
  wrap,
  query,
  selected,
  current,
  onNumber,
  detail,
  onTap,
}: Props) {
  const [n, at, level, stream, text] = row;
  const zone = useZone();
  const number = <span className="text-t3 tabular-nums">{n}</span>;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tap repeats what wide screens show in columns, and screen readers read all of it
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      data-line={n}
      onClick={onTap && (() => onTap(n))}
      className={cn(
        'flex gap-3 px-4 font-mono text-12 leading-5 max-md:gap-2 max-md:py-1.5',
        wrap ? 'min-w-0' : 'md:w-max md:min-w-full',
        selected || current ? 'bg-blue/tint' : rowTint[level],
        current && 'outline outline-1 -outline-offset-1 outline-blue',
      )}
    >
      <span className="w-10 shrink-0 select-none text-right max-md:hidden">
        {onNumber ? (
          <a href={`#L${n}`} onClick={(event) => onNumber(n, event)} aria-label={`Line ${n}`} className="hover:text-t1">
            {number}
          </a>
        ) : (
          number
        )}
      </span>
      {mode !== 'off' && (
        <time
          dateTime={at}
          title={at}
          suppressHydrationWarning
          className={cn('shrink-0 text-t3 tabular-nums max-md:hidden', mode === 'precise' ? 'w-[88px]' : 'w-[60px]')}
        >
          {timeText(at, mode, zone, startedAt)}
        </time>
      )}
      <span className={cn('w-[40px] shrink-0', levelTone[level] ?? 'text-t3')}>{level}</span>
      <span className="w-7 shrink-0 text-t3 max-md:hidden">{stream}</span>
      <span
        className={cn(
          'text-t1 max-md:whitespace-pre-wrap max-md:break-words',
          wrap ? 'min-w-0 whitespace-pre-wrap break-words' : 'min-w-0 whitespace-pre',
          level === 'error' && 'text-red',
        )}
      >
        <LogText text={text} query={query ?? ''} />
        {detail && (
          <span className="mt-1 block text-t3 md:hidden">
            line {n} · {timeText(at, 'precise', zone, startedAt)} · {stream}
          </span>
        )}
      </span>
    </div>
  );
});
