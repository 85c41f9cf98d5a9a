import { cn } from '@/components/ui/cn';
import { Panel } from '@/components/ui/panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import type { WizardDto } from '@/lib/views/dto';
import { OverridesSaid } from './overrides-said';
import { TextWithPlaces } from './text-with-places';

/** A calm end: what moved, how long it was frozen, planned against actual. */
export function DoneSummary({ view }: { view: WizardDto }) {
  if (!view.summary) return null;
  return (
    <Panel className="m-6 mb-0 shrink-0 p-4 max-md:m-4 max-md:mb-0">
      <div className="flex items-start gap-2.5">
        <span className="mt-0.5 grid">
          <StatusGlyph status={view.badge.glyph} />
        </span>
        <p className="min-w-0 flex-1 text-14 font-semibold text-t1">{view.summary.headline}</p>
      </div>
      <dl className="mt-4 grid grid-cols-[repeat(auto-fit,minmax(140px,1fr))] gap-4">
        {view.summary.facts.map((fact) => (
          <div key={fact.label}>
            <dt className="text-12 text-balance text-t3">{fact.label}</dt>
            <dd className={cn('mt-1 text-16 font-semibold tabular-nums', fact.loss ? 'text-red' : 'text-t1')}>
              {fact.value}
            </dd>
          </div>
        ))}
      </dl>
      <OverridesSaid overrides={view.summary.overrides} className="mt-4 border-t border-line pt-3" />
      {view.summary.lines.length > 0 && (
        <dl className="mt-4 border-t border-line pt-3">
          {view.summary.lines.map((line) => (
            <div
              key={line.label}
              className="grid grid-cols-[120px_1fr] gap-x-4 py-1 text-13 max-md:grid-cols-1 max-md:py-1.5"
            >
              <dt className="text-t3">{line.label}</dt>
              <dd className="min-w-0 break-words text-t1">
                <TextWithPlaces text={line.text} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}
