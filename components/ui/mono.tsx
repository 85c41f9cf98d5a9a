import type { ReactNode } from 'react';
import { formatDigest } from '@/lib/shared/format';
import { cn } from './cn';
import { CopyButton } from './copy-button';

/** Inline mono, a little smaller so that it sits level with the sans. */
export const Mono = ({ className, children }: { className?: string; children: ReactNode }) => (
  <code className={cn('font-mono text-[0.923em]', className)}>{children}</code>
);
export const Digest = ({ value, keep = 8 }: { value: string; keep?: number }) => (
  <span className="inline-flex min-w-0 items-center gap-0.5">
    <span title={value}>
      <Mono className="text-t2">{formatDigest(value, keep)}</Mono>
    </span>
    <CopyButton text={value} label="Copy digest" className="size-6" />
  </span>
);
