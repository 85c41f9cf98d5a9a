import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';

/** The gutter of an ordinary page: 24, on a narrow screen 16. */
export const PageBody = ({ className, children }: { className?: string; children: ReactNode }) => (
  <div className={cn('flex min-w-0 flex-col gap-4 p-6 pt-5 max-md:p-4', className)}>{children}</div>
);
