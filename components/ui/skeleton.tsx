import { cn } from './cn';

/** Nothing for 200 ms: what comes quickly needs no announcement. */
export const Skeleton = ({ className }: { className?: string }) => (
  <span aria-hidden="true" className={cn('block h-4 animate-appear rounded-chip bg-s3', className)} />
);
const widths = ['w-2/3', 'w-1/2', 'w-3/4', 'w-3/5', 'w-2/5'];
export const SkeletonRows = ({ rows = 5, label = 'Loading' }: { rows?: number; label?: string }) => (
  <div role="status" aria-label={label} className="divide-y divide-line">
    {Array.from({ length: rows }, (_, row) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: rows of a skeleton have no other name
      <div key={row} className="flex h-9 items-center px-4">
        <Skeleton className={widths[row % widths.length]} />
      </div>
    ))}
  </div>
);
