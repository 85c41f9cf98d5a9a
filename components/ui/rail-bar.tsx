import { cn } from './cn';

const tones = { moving: 'bg-blue', done: 'bg-t2', late: 'bg-amber', failed: 'bg-red' } as const;
export type RailTone = keyof typeof tones;
type Props = {
  /** ms */
  planned: number;
  /** ms; null: not started. */
  actual: number | null;
  /** ms that fill the field: one scale for all rows. */
  scale: number;
  tone?: RailTone;
};
const share = (ms: number, scale: number, least: number) =>
  `${Math.min(100, Math.max(least, (ms / Math.max(1, scale)) * 100))}%`;

/** Outline is planned, solid is actual inside it. */
export const RailBar = ({ planned, actual, scale, tone = 'done' }: Props) => (
  <span aria-hidden="true" className="relative block h-2.5 w-full">
    <span
      className="absolute inset-y-0 left-0 rounded-rail border border-line2"
      style={{ width: share(planned, scale, 7) }}
    />
    {actual !== null && (
      <span
        className={cn('absolute top-[3px] left-[2px] h-1 rounded-[1px]', tones[tone])}
        style={{ width: `calc(${share(actual, scale, 7)} - 4px)` }}
      />
    )}
  </span>
);
