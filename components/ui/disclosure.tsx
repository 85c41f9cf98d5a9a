import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn';

export const Disclosure = ({
  summary,
  open,
  className,
  children,
}: {
  summary: ReactNode;
  open?: boolean;
  className?: string;
  children: ReactNode;
}) => (
  <details open={open} className={cn('group/disclosure', className)}>
    <summary className="inline-flex min-h-7 max-w-full cursor-pointer items-center gap-1 rounded-chip text-t2 hover:text-t1 touch:min-h-11">
      <ChevronRight size={14} aria-hidden="true" className="shrink-0 group-open/disclosure:rotate-90" />
      {summary}
    </summary>
    <div className="mt-1">{children}</div>
  </details>
);
