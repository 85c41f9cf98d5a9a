import type { ReactNode } from 'react';
import { cn } from './cn';

/** A word without a hue: `live`, `production`. */
export const Tag = ({ className, children }: { className?: string; children: ReactNode }) => (
  <span
    className={cn(
      'inline-flex h-5 shrink-0 items-center whitespace-nowrap rounded-chip bg-s3 px-1.5 text-11 font-medium text-t2',
      className,
    )}
  >
    {children}
  </span>
);
