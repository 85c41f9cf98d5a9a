import { WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn';

/** A line under the bar that says what is not as it should be, and what goes on all the same. */
export const Strip = ({ tone, icon, children }: { tone: 'amber' | 'red'; icon?: ReactNode; children: ReactNode }) => (
  <div
    role="status"
    className={cn(
      'flex min-h-9 shrink-0 items-center gap-2.5 border-b px-6 py-1.5 text-t1 max-md:px-4',
      tone === 'amber' ? 'border-amber/45 bg-amber/tint' : 'border-red/55 bg-red/tint',
    )}
  >
    <span aria-hidden="true" className={tone === 'amber' ? 'text-amber' : 'text-red'}>
      {icon ?? <WifiOff size={16} />}
    </span>
    <div className="min-w-0 flex-1">{children}</div>
  </div>
);
