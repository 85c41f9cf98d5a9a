import { cn } from './cn';

export type ProgressTone = 'moving' | 'done' | 'late' | 'verdict' | 'failed' | 'waiting';
const fills: Record<ProgressTone, string> = {
  moving: 'bg-fill-blue',
  done: 'bg-t3',
  late: 'bg-amber',
  verdict: 'bg-fill-green',
  failed: 'bg-red',
  waiting: 'bg-t3',
};
type Props = {
  /** null: not known yet. */
  fraction: number | null;
  size?: 'thick' | 'thin';
  tone?: ProgressTone;
  /** Where the plan expected to be by now, 0..1. */
  tick?: number | undefined;
  label: string;
  className?: string;
};
/** Blue moves, grey is done, amber is late: a full bar is not a pass, so green is kept for verdicts. */
export function ProgressBar({ fraction, size = 'thick', tone = 'moving', tick, label, className }: Props) {
  const percent = fraction === null ? null : Math.min(100, Math.max(0, fraction * 100));
  return (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === null ? {} : { 'aria-valuenow': Math.floor(percent) })}
      className={cn('relative block w-full rounded-full bg-s3', size === 'thick' ? 'h-2' : 'h-1', className)}
    >
      <span
        className={cn('block h-full rounded-full transition-[width] duration-200 ease-linear', fills[tone])}
        style={{ width: `${percent ?? 0}%`, minWidth: percent ? 4 : 0 }}
      />
      {tick !== undefined && (
        <span
          aria-hidden="true"
          className="absolute -top-1 -bottom-1 w-px bg-t1"
          style={{ left: `${Math.min(100, tick * 100)}%` }}
        />
      )}
    </span>
  );
}
