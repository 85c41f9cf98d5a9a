'use client';
import { useCallback } from 'react';
import { SequenceLog } from '@/components/attempt-log/sequence-log';
import { ActButton } from '@/components/checklist/act-button';
import { extraActs } from '@/components/checklist/extra-acts';
import { Button } from '@/components/ui/button';
import { useServerNow } from '@/components/ui/clock';
import { cn } from '@/components/ui/cn';
import { Panel, PanelHead } from '@/components/ui/panel';
import { TextWithTimes } from '@/components/ui/text-with-times';
import { Time } from '@/components/ui/time';
import { useUntil } from '@/components/ui/use-until';
import { formatAbout } from '@/lib/shared/format';
import { routes } from '@/lib/shared/routes';
import type { AttemptDto, LiveStripDto, WizardDto } from '@/lib/views/dto';
import { StripBar, StripCell } from './strip-parts';
import { stripColumns, stripWords } from './strip-words';

const edge: Record<LiveStripDto['outcome'], string> = {
  running: 'border-blue/50',
  done: 'border-green/45',
  returned: 'border-amber/45',
  failed: 'border-red/55',
};

/** "Freeze"; what is taken back says so. */
const partTitle = (strip: LiveStripDto) => (attempt: AttemptDto) => {
  const title = strip.cells.find(({ stepId }) => stepId === attempt.stepId)?.title ?? attempt.stepId;
  if (attempt.verb === 'undo') return `${title}, taken back`;
  return attempt.no > 1 ? `${title}, attempt ${attempt.no}` : title;
};

/** Before its first step was taken the press may be taken back: nobody is held yet. */
function Waiting({ strip, view }: { strip: LiveStripDto; view: WizardDto }) {
  if (strip.outcome !== 'running' || strip.cells.some(({ state }) => state !== 'waiting')) return null;
  const cancel = extraActs(view).step.find(({ act }) => act === 'cancel');
  return (
    cancel && (
      <div className="flex justify-end border-t border-line px-6 py-3 max-md:px-4">
        <ActButton act={{ ...cancel, label: 'Take the press back' }} />
      </div>
    )
  );
}

/** Freeze to thaw, second by second. It cannot be dismissed while it runs, only left; the work goes on. */
export function LiveStrip({ strip, view, onLeave }: { strip: LiveStripDto; view: WizardDto; onLeave: () => void }) {
  const nowMs = useServerNow(strip.endedAt && (strip.heldTo || !strip.heldFrom) ? 60_000 : 100);
  const words = stripWords(strip, nowMs);
  const sub = useUntil(strip.sub, strip.until);
  const newest = strip.attempts.at(-1);
  const titleOf = useCallback((attempt: AttemptDto) => partTitle(strip)(attempt), [strip]);
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-6 max-md:p-4">
      <section
        aria-label={strip.title}
        className={cn(
          'shrink-0 overflow-hidden rounded-dialog border bg-s1',
          strip.troubled || strip.left ? edge.returned : edge[strip.outcome],
        )}
      >
        <div className="px-6 pt-5 pb-3 max-md:px-4">
          <div className="flex items-start gap-6 max-md:flex-col max-md:gap-2">
            <div className="min-w-0 flex-1">
              <h2 className="text-20 font-semibold tracking-tight text-t1">{strip.title}</h2>
              <p className="mt-1 text-13 text-t2">
                <TextWithTimes text={sub} />
              </p>
              {strip.left && <p className="mt-1 text-13 text-amber">{strip.left}</p>}
            </div>
            <div className="shrink-0 text-right max-md:text-left">
              <p
                className={cn(
                  'text-28 font-semibold tracking-tight tabular-nums',
                  words.over ? 'text-amber' : 'text-t1',
                )}
              >
                {words.seconds}
              </p>
              <p className="text-12 text-t3 tabular-nums">{words.below}</p>
            </div>
          </div>
          <StripBar strip={strip} nowMs={nowMs} />
        </div>
        <ol
          className="grid overflow-hidden max-md:grid-cols-1! max-wide:grid-cols-3!"
          style={{ gridTemplateColumns: `repeat(${stripColumns(strip.cells.length)}, minmax(0, 1fr))` }}
        >
          {strip.cells.map((cell) => (
            <StripCell
              key={cell.stepId}
              cell={cell}
              nowMs={nowMs}
              said={strip.outcome === 'running' ? '' : view.next.rest}
            />
          ))}
        </ol>
        <Waiting strip={strip} view={view} />
        {strip.outcome !== 'running' && (
          <div className="flex justify-end border-t border-line px-6 py-3">
            <Button onClick={onLeave}>Show the steps</Button>
          </div>
        )}
      </section>
      <div className="grid min-h-[260px] flex-1 grid-cols-[1fr_320px] gap-4 max-md:grid-cols-1">
        <Panel className="flex min-h-0 flex-col overflow-hidden">
          <PanelHead title="Log of the whole sequence" aside={newest?.worker ?? undefined} />
          <SequenceLog
            attempts={strip.attempts}
            titleOf={titleOf}
            rawHref={newest ? routes.rawLog(newest.id) : routes.cutover(view.id)}
          />
        </Panel>
        <Panel className="flex flex-col">
          <h3 className="px-4 pt-3 pb-1 text-12 font-medium text-t2">Held meanwhile</h3>
          <dl className="px-4 pb-2">
            {strip.held.map((one) => (
              <div key={one.label} className="flex h-7 items-center text-13">
                <dt className="text-t2">{one.label}</dt>
                <dd className={cn('ml-auto font-medium tabular-nums', one.loss ? 'text-red' : 'text-t1')}>
                  {one.value}
                </dd>
              </div>
            ))}
          </dl>
          {strip.heldReadAt && (
            <p className="px-4 pb-3 text-12 text-t3">
              As the service answered last, <Time iso={strip.heldReadAt} />. {strip.heldNote}
            </p>
          )}
          {strip.ifFails && (
            <div className="border-t border-line px-4 py-3">
              <h3 className="text-12 font-medium text-t2">If it does not verify within {formatAbout(strip.limitMs)}</h3>
              <p className="mt-1.5 text-13 text-t2">{strip.ifFails}</p>
            </div>
          )}
        </Panel>
      </div>
    </div>
  );
}
