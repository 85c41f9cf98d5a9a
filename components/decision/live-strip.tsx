'use client';
import { useCallback } from 'react';
import { SequenceLog } from '@/components/attempt-log/sequence-log';
import { Button } from '@/components/ui/button';
import { useServerNow } from '@/components/ui/clock';
import { cn } from '@/components/ui/cn';
import { Panel, PanelHead } from '@/components/ui/panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { TextWithTimes } from '@/components/ui/text-with-times';
import { formatAbout, formatDuration } from '@/lib/shared/format';
import { routes } from '@/lib/shared/routes';
import type { GlyphStatus } from '@/lib/shared/statuses';
import type { AttemptDto, LiveStripDto, WizardDto } from '@/lib/views/dto';
import { ActButton } from '@/components/checklist/act-button';
import { extraActs } from '@/components/checklist/extra-acts';
import { cellMs, stripBar, stripColumns, stripWords } from './strip-words';

const glyph: Record<LiveStripDto['cells'][number]['state'], GlyphStatus> = {
  waiting: 'locked',
  running: 'running',
  passed: 'passed',
  failed: 'failed',
};
const fill: Record<LiveStripDto['cells'][number]['state'], string> = {
  waiting: '',
  running: 'bg-fill-blue',
  passed: 'bg-fill-green',
  failed: 'bg-red',
};
const edge: Record<LiveStripDto['outcome'], string> = {
  running: 'border-blue/50',
  done: 'border-green/45',
  returned: 'border-amber/45',
  failed: 'border-red/55',
};

function Bar({ strip, nowMs }: { strip: LiveStripDto; nowMs: number }) {
  const tick = strip.predictedMs === null ? null : Math.min(1, strip.predictedMs / strip.limitMs);
  return (
    <div className="mt-5">
      <div className="relative">
        <div
          role="img"
          aria-label={`${formatDuration(strip.limitMs)} limit`}
          className="flex h-2 gap-0.5 overflow-hidden rounded-full bg-s3"
        >
          {stripBar(strip, nowMs).map((part) => (
            <span
              key={part.stepId}
              className={cn('h-full', fill[part.state])}
              style={{ width: `${part.share * 100}%` }}
            />
          ))}
        </div>
        {tick !== null && (
          <i className="absolute -top-1 h-4 w-0.5 -translate-x-1/2 bg-ink" style={{ left: `${tick * 100}%` }} />
        )}
      </div>
      <div className="relative mt-1.5 flex justify-between text-11 text-t3 tabular-nums">
        <span>0 s</span>
        {tick !== null && strip.predictedMs !== null && (
          <span
            className="absolute -translate-x-1/2 max-md:hidden"
            style={{ left: `clamp(72px, ${tick * 100}%, calc(100% - 120px))` }}
          >
            predicted {formatAbout(strip.predictedMs)}
          </span>
        )}
        <span>limit {formatAbout(strip.limitMs)}</span>
      </div>
    </div>
  );
}

function Cell({ cell, nowMs }: { cell: LiveStripDto['cells'][number]; nowMs: number }) {
  const ms = cellMs(cell, nowMs);
  const waits = cell.state === 'waiting';
  return (
    <li
      className={cn(
        '-ml-px min-w-0 border-t border-l border-line px-4 py-3',
        cell.state === 'running' && 'bg-blue/tint',
        cell.state === 'failed' && 'bg-red/tint',
      )}
    >
      <div className="flex items-start gap-2">
        <span className="mt-0.5 grid">
          <StatusGlyph status={glyph[cell.state]} />
        </span>
        <span className={cn('min-w-0 text-13 font-medium', waits ? 'text-t3' : 'text-t1')}>{cell.title}</span>
        <span className="sr-only">{cell.state}</span>
        <span className={cn('ml-auto shrink-0 pl-2 text-14 font-semibold tabular-nums', waits ? 'text-t3' : 'text-t1')}>
          {ms === null ? '–' : formatDuration(ms)}
        </span>
      </div>
      <p className="mt-1 break-words text-12 text-t2">
        <TextWithTimes text={cell.detail} />
      </p>
    </li>
  );
}

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
  const nowMs = useServerNow(strip.endedAt ? 60_000 : 100);
  const words = stripWords(strip, nowMs);
  const newest = strip.attempts.at(-1);
  const titleOf = useCallback((attempt: AttemptDto) => partTitle(strip)(attempt), [strip]);
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-6 max-md:p-4">
      <section
        aria-label={strip.title}
        className={cn('shrink-0 overflow-hidden rounded-dialog border bg-s1', edge[strip.outcome])}
      >
        <div className="px-6 pt-5 pb-3 max-md:px-4">
          <div className="flex items-start gap-6 max-md:flex-col max-md:gap-2">
            <div className="min-w-0 flex-1">
              <h2 className="text-20 font-semibold tracking-tight text-t1">{strip.title}</h2>
              <p className="mt-1 text-13 text-t2">{strip.sub}</p>
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
          <Bar strip={strip} nowMs={nowMs} />
        </div>
        <ol
          className="grid overflow-hidden max-md:grid-cols-1! max-wide:grid-cols-3!"
          style={{ gridTemplateColumns: `repeat(${stripColumns(strip.cells.length)}, minmax(0, 1fr))` }}
        >
          {strip.cells.map((cell) => (
            <Cell key={cell.stepId} cell={cell} nowMs={nowMs} />
          ))}
        </ol>
        <Waiting strip={strip} view={view} />
        {strip.outcome !== 'running' && (
          <div className="flex justify-end border-t border-line px-6 py-3">
            <Button variant="primary" onClick={onLeave}>
              Go on
            </Button>
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
                <dd className="ml-auto font-medium text-t1 tabular-nums">{one.value}</dd>
              </div>
            ))}
          </dl>
          {strip.ifFails && (
            <div className="border-t border-line px-4 py-3">
              <h3 className="text-12 font-medium text-t2">If it does not verify by {formatAbout(strip.limitMs)}</h3>
              <p className="mt-1.5 text-13 text-t2">{strip.ifFails}</p>
            </div>
          )}
        </Panel>
      </div>
    </div>
  );
}
