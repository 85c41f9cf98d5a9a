import Link from 'next/link';
import { cn } from '@/components/ui/cn';
import { type Glyph, StatusGlyph } from '@/components/ui/status-glyph';
import type { FleetDto, ProfileGroup } from '@/lib/views/dto';
import { type FleetFilter, filterQuery, groupWords } from './fleet-state';

const glyphs: Record<ProfileGroup, Glyph> = {
  source: 'info',
  in_cutover: 'running',
  on_target: 'passed',
  drift: 'drift',
  unknown: 'unknown',
};

/** Five counts that filter; pressing the chosen one again shows all. */
export const FleetCounters = ({ counters, filter }: { counters: FleetDto['counters']; filter: FleetFilter }) => (
  <nav
    aria-label="Profiles by state"
    className="grid grid-cols-5 overflow-hidden rounded-panel border bg-s1 max-md:grid-cols-2"
  >
    {counters.map(({ group, count, detail }) => {
      const chosen = filter.group === group;
      return (
        <Link
          key={group}
          href={`/${filterQuery({ ...filter, group: chosen ? '' : group })}`}
          scroll={false}
          aria-current={chosen ? 'true' : undefined}
          className={cn(
            'relative flex items-center gap-4 border-r px-4 py-4 -outline-offset-2! last:border-r-0 hover:bg-s2 max-md:gap-2 max-md:border-b max-md:px-3 max-md:py-3 max-md:even:border-r-0 max-md:last:col-span-2 max-md:last:border-b-0',
            chosen && 'bg-s2 after:absolute after:inset-x-0 after:bottom-0 after:h-0.5 after:bg-ink',
          )}
        >
          <span className={cn('min-w-9 text-28 font-semibold tabular-nums', count === 0 ? 'text-t3' : 'text-t1')}>
            {count}
          </span>
          <span className="min-w-0">
            <span className="flex items-center gap-2 font-medium text-t1">
              <StatusGlyph status={glyphs[group]} className={count === 0 ? 'text-t3' : ''} />
              {groupWords[group]}
            </span>
            <span title={detail} className="block truncate max-md:whitespace-normal text-12 text-t3">
              {detail}
            </span>
          </span>
        </Link>
      );
    })}
  </nav>
);
