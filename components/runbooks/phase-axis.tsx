import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';

/** `head`: the body starts with a panel's head, so the label stands on its line. */
export type AxisPhase = { key: string; tLabel: string; atZero: boolean; aside?: ReactNode; body: ReactNode };

/** Phases down one line of time; T-0, where users are held, is the filled mark. */
export const PhaseAxis = ({ phases, head = false }: { phases: AxisPhase[]; head?: boolean }) => (
  <ol>
    {phases.map(({ key, tLabel, atZero, aside, body }, index) => (
      <li
        key={key}
        className="relative grid grid-cols-[48px_16px_minmax(0,1fr)] gap-x-3 max-md:grid-cols-[44px_12px_minmax(0,1fr)] max-md:gap-x-2"
      >
        <div className={cn('text-right', head && 'pt-2')}>
          <p className={cn('leading-5 tabular-nums', atZero ? 'font-semibold text-t1' : 'text-t2')}>{tLabel}</p>
          {aside && <p className="text-12 text-t3">{aside}</p>}
        </div>
        <div aria-hidden="true" className={cn('relative', head && 'top-2')}>
          {index < phases.length - 1 && (
            <span className="absolute top-3 -bottom-3 left-1/2 w-px -translate-x-1/2 bg-line2/55" />
          )}
          <span
            className={cn(
              'absolute top-1.5 left-1/2 size-2 -translate-x-1/2 rounded-full border',
              atZero ? 'border-ink bg-ink ring-3 ring-s3' : 'border-line2 bg-s1',
            )}
          />
        </div>
        <div className={cn('min-w-0', index < phases.length - 1 && 'pb-4')}>{body}</div>
      </li>
    ))}
  </ol>
);
