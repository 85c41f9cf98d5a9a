import { ChevronLeft } from 'lucide-react';
import { CutoverBadges } from '@/components/cutovers/cutover-state';
import { Badge } from '@/components/ui/badge';
import { Tag } from '@/components/ui/tag';
import { TClock } from '@/components/ui/time';
import { WayBack } from '@/components/ui/way-back-light';
import { cn } from '@/components/ui/cn';
import { routes } from '@/lib/shared/routes';
import type { WizardDto } from '@/lib/views/dto';
import { ActButton } from './act-button';
import { FreezeMeter } from './freeze-meter';

/** Times under a minute late are on time, in word and colour. */
const late = (view: WizardDto): string => (view.lateMs >= 60_000 && view.state !== 'closed' ? 'text-amber' : 'text-t3');

/** A move of one file has nobody to hold and nothing to return. */
const switches = (view: WizardDto): boolean => view.phases.some(({ group, sequence }) => group === 'main' && sequence);

function Names({ view }: { view: WizardDto }) {
  return (
    <div className="min-w-0">
      <div className="flex items-center gap-3">
        <h1 className="truncate text-16 font-semibold text-t1">{view.sourceId}</h1>
        <CutoverBadges badge={view.badge} />
        <Tag>{view.kind}</Tag>
      </div>
      <p className="truncate text-12 text-t3">
        {view.systemTitle} · <span className="font-mono text-t2">{view.runbook.from}</span> →{' '}
        <span className="font-mono text-t2">{view.runbook.to}</span>
        {view.runbook.surfaces && ` for ${view.runbook.surfaces.join(', ')} only`} · runbook{' '}
        <a href={routes.runbook(view.runbook.name)} className="font-mono text-t2 hover:text-t1">
          {view.runbook.name}
        </a>
      </p>
    </div>
  );
}

/** Who, where, when: profile and state, T-clock, freeze, way back, and the way out in its own place. */
export function WizardHeader({ view }: { view: WizardDto }) {
  return (
    <header className="flex h-[72px] shrink-0 items-center gap-6 border-b border-line bg-s1 px-6 max-md:hidden">
      <Names view={view} />
      <div className="ml-auto flex shrink-0 items-center gap-6">
        <div className="text-right">
          <p className="text-20 font-semibold tracking-tight text-t1 tabular-nums">
            <TClock t0={view.t0} endedAt={view.endedAt} />
          </p>
          <p className={cn('text-12', late(view))}>{view.lateText}</p>
        </div>
        {switches(view) && (
          <>
            <div className="border-l border-line pl-6">
              <p className="text-12 text-t3">Freeze</p>
              <FreezeMeter freeze={view.freeze} />
            </div>
            <div className="border-l border-line pl-6">
              <p className="text-12 text-t3">Way back</p>
              <p className="mt-0.5 text-12">
                <WayBack light={view.wayBack.light} text={view.wayBack.text} />
              </p>
            </div>
          </>
        )}
        {view.exit && <ActButton act={view.exit} variant="danger" />}
      </div>
    </header>
  );
}

/** The same in two lines for narrow screens; the way out is in the bar below. */
export function NarrowHeader({ view }: { view: WizardDto }) {
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-s1 px-4 py-3 md:hidden">
      <div className="flex items-center gap-2">
        <a
          href={routes.cutovers()}
          aria-label="Back to cutovers"
          className="-ml-3 grid size-11 place-items-center text-t2"
        >
          <ChevronLeft size={20} aria-hidden="true" />
        </a>
        <h1 className="-ml-1 min-w-0 flex-1 truncate text-16 font-semibold text-t1">{view.sourceId}</h1>
        <Badge status={view.badge.glyph}>{view.badge.text}</Badge>
      </div>
      <div className="flex items-center gap-2">
        <span className="text-16 font-semibold text-t1 tabular-nums">
          <TClock t0={view.t0} endedAt={view.endedAt} />
        </span>
        <span className={cn('text-12', late(view))}>{view.lateText}</span>
        {switches(view) && (
          <span className="ml-auto text-12">
            <WayBack light={view.wayBack.light} text={view.wayBack.text} />
          </span>
        )}
      </div>
      {view.badge.service && (
        <p className="mt-1.5">
          <Badge status={view.badge.service.glyph}>{view.badge.service.text}</Badge>
        </p>
      )}
    </header>
  );
}
