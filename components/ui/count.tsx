import { formatCount } from '@/lib/shared/format';

export const Count = ({ value, className }: { value: number | bigint | string; className?: string }) => (
  <span className={className}>{formatCount(value)}</span>
);
