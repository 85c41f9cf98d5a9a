import { cn } from '@/components/ui/cn';
import { formatCount } from '@/lib/shared/format';
import type { ShellDto } from '@/lib/views/dto';

/** The demo's promise, counted by its own users: every write they were told is safe, and every one that failed. */
export function DemoWrites({ writes }: { writes: ShellDto['demoWrites'] }) {
  if (!writes) return null;
  return (
    <p className="text-12 text-t3 tabular-nums max-wide:hidden" title="Writes of the demo's users through the services">
      acknowledged writes <b className="font-medium text-t1">{formatCount(writes.acknowledged)}</b> · failed{' '}
      <b className={cn('font-medium', writes.failed === '0' ? 'text-t1' : 'text-red')}>{formatCount(writes.failed)}</b>
    </p>
  );
}
