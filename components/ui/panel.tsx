import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn';
import { type Hue, hueEdge } from './hue';

type PanelProps = Omit<ComponentProps<'section'>, 'title'> & {
  /** Tinted edge. */
  edge?: Hue;
  /** Three pixels of the edge's hue at the left: what failed. */
  bar?: boolean;
};
export function Panel({ edge, bar, className, children, ...rest }: PanelProps) {
  return (
    <section {...rest} className={cn('relative rounded-panel border bg-s1', edge && hueEdge[edge], className)}>
      {bar && (
        <span
          aria-hidden="true"
          className={cn('absolute inset-y-0 left-0 w-[3px] rounded-l-panel', edge === 'amber' ? 'bg-amber' : 'bg-red')}
        />
      )}
      {children}
    </section>
  );
}

export const PanelHead = ({ title, aside, className }: { title: ReactNode; aside?: ReactNode; className?: string }) => (
  <div className={cn('flex min-h-9 items-center gap-3 border-b px-4 py-1.5', className)}>
    <h2 className="min-w-0 truncate font-medium text-t2">{title}</h2>
    {aside !== undefined && <div className="ml-auto shrink-0 text-12 text-t3">{aside}</div>}
  </div>
);
export const PanelBody = ({ className, ...rest }: ComponentProps<'div'>) => (
  <div {...rest} className={cn('p-4', className)} />
);
/** `pinned`: at the foot of a narrow screen while its panel is in sight, the button as wide as the panel. */
export const PanelFoot = ({ pinned, className, ...rest }: ComponentProps<'div'> & { pinned?: boolean }) => (
  <div
    {...rest}
    className={cn(
      'flex items-center gap-2 border-t px-4 py-3',
      pinned &&
        'flex-wrap justify-between rounded-b-panel bg-s1 max-md:sticky max-md:bottom-0 max-md:z-10 max-md:flex-col max-md:items-stretch',
      className,
    )}
  />
);
/** Label left, value right. */
export const Row = ({ label, className, children }: { label: ReactNode; className?: string; children: ReactNode }) => (
  <div className={cn('flex min-h-6 items-baseline justify-between gap-4', className)}>
    <span className="text-t2">{label}</span>
    <span className="min-w-0 text-right text-t1 tabular-nums">{children}</span>
  </div>
);
