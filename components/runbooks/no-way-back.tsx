import { WayBackGlyph } from '@/components/ui/way-back-light';
import { cn } from '@/components/ui/cn';

/** That a runbook has no way back, and what its rollback does to later writes. */
export const NoWayBack = ({ means, className }: { means: string; className?: string }) => (
  <div className={cn('mt-3 flex gap-2.5 text-t2', className)}>
    <WayBackGlyph light="none" className="mt-0.5" />
    <p>
      <span className="font-medium text-t1">No way back for new writes.</span> {means}
    </p>
  </div>
);
