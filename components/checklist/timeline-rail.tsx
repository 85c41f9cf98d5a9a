'use client';
import { ChevronDown, ChevronRight, LocateFixed } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { useServerNow } from '@/components/ui/clock';
import { cn } from '@/components/ui/cn';
import { RailBar } from '@/components/ui/rail-bar';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { useTextWithTimes } from '@/components/ui/text-with-times';
import { Time } from '@/components/ui/time';
import { formatClockDuration } from '@/lib/shared/format';
import { countWords } from '@/lib/shared/words';
import type { PhaseDto, StepRowDto, WizardDto } from '@/lib/views/dto';
import { actualMsNow, foldedPhases, railScaleMs, railTone, statusWord, stepCount } from './rail-model';
import { useWizard } from './wizard-context';
import { isHumanKind, mayJump, placeQuery, shownStepId } from './wizard-url';

function StepRow({
  step,
  scale,
  nowMs,
  shown,
  onPick,
}: {
  step: StepRowDto;
  scale: number;
  nowMs: number;
  shown: boolean;
  onPick: () => void;
}) {
  const actual = actualMsNow(step, nowMs);
  const human = isHumanKind(step);
  const dim = step.status === 'locked' && !step.running;
  const { place } = useWizard();
  const reason = useTextWithTimes(step.reason ?? '');
  return (
    <li>
      <a
        href={placeQuery({ ...place, stepId: step.id, tab: null, card: null })}
        data-row-link=""
        aria-current={shown ? 'step' : undefined}
        title={(shown && step.status === 'failed') || !reason ? undefined : reason}
        suppressHydrationWarning
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          onPick();
        }}
        className={cn(
          'flex min-h-9 items-center gap-2 border-l-2 py-1 pr-4 pl-3.5 -outline-offset-2 touch:min-h-11',
          shown ? 'border-ink bg-s3' : 'border-transparent hover:bg-s2',
        )}
      >
        <StatusGlyph status={statusWord(step)} />
        <span
          className={cn(
            'min-w-0 flex-1 text-13 leading-4.5 break-words',
            dim ? 'text-t3' : 'text-t1',
            shown && 'font-medium text-t1',
          )}
        >
          {step.title}
          {step.attempts > 1 && <span className="ml-1.5 text-11 font-normal text-t3">×{step.attempts}</span>}
          <span className="sr-only" suppressHydrationWarning>
            , {statusWord(step)}
            {reason && step.status !== 'failed' ? `, ${reason}` : ''}
          </span>
        </span>
        {!human && (
          <span className="w-[60px] shrink-0">
            <RailBar planned={step.plannedMs} actual={actual} scale={scale} tone={railTone(step, actual)} />
          </span>
        )}
        <span className={cn('w-9 shrink-0 text-right text-12 tabular-nums', actual === null ? 'text-t3' : 'text-t2')}>
          {human && actual === null ? '–' : formatClockDuration(actual ?? step.plannedMs)}
        </span>
      </a>
    </li>
  );
}

const isEarly = ({ plannedAt, startedAt }: PhaseDto): boolean => startedAt !== null && startedAt < plannedAt;

function PhaseRow({ phase, folded, onFold }: { phase: PhaseDto; folded: boolean; onFold: (() => void) | null }) {
  const inside = (
    <>
      {phase.tLabel && <span className="w-10 shrink-0 text-left text-12 text-t3">{phase.tLabel}</span>}
      <span className={cn('min-w-0 text-12 font-medium', phase.group === 'main' ? 'text-t2' : 'text-t3')}>
        {phase.title}
      </span>
      {folded && <span className="shrink-0 text-12 text-t3">{countWords(phase.steps.length, 'step')}</span>}
      {onFold &&
        (folded ? (
          <ChevronRight size={12} aria-hidden="true" className="shrink-0 text-t3" />
        ) : (
          <ChevronDown size={12} aria-hidden="true" className="shrink-0 text-t3" />
        ))}
      {phase.group === 'main' && (
        <span className="ml-auto flex shrink-0 items-center gap-1 text-12 text-t3 tabular-nums">
          <span className="sr-only">planned</span>
          {/* An arrow to an earlier time reads as a way back: a plan that was begun early is crossed out. */}
          <span className={cn(isEarly(phase) && 'line-through')}>
            <Time iso={phase.plannedAt} format="short" />
          </span>
          {phase.startedAt && (
            <>
              <span className="sr-only">started</span>
              {!isEarly(phase) && <span aria-hidden="true">→</span>}
              <span className="font-medium text-t1">
                <Time iso={phase.startedAt} format="short" />
              </span>
            </>
          )}
        </span>
      )}
    </>
  );
  const look = 'flex min-h-7 w-full items-center gap-2 px-4 touch:min-h-11';
  return onFold ? (
    <button
      type="button"
      aria-expanded={!folded}
      onClick={onFold}
      className={cn(look, '-outline-offset-2 hover:bg-s2')}
    >
      {inside}
    </button>
  ) : (
    <div className={look}>{inside}</div>
  );
}

/** Phases and steps with planned outline and actual bar on one scale. The current step is followed until another is chosen. */
export function TimelineRail({ view, onPicked }: { view: WizardDto; onPicked?: () => void }) {
  const { place, go } = useWizard();
  const nowMs = useServerNow(1_000);
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const list = useRef<HTMLDivElement>(null);
  const shown = shownStepId(place, view.currentStepId);
  const folds = foldedPhases(view.phases, view.currentStepId, shown);
  const scale = railScaleMs(view.phases);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the shown step is the one marked current
  useEffect(() => {
    list.current?.querySelector(`[aria-current="step"]`)?.scrollIntoView({ block: 'nearest' });
  }, [shown]);

  const pick = (stepId: string | null) => {
    go({ stepId, tab: null, card: null });
    onPicked?.();
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-8 shrink-0 items-center gap-3 border-b border-line px-4 text-12 text-t3">
        <span className="font-medium text-t2">{countWords(stepCount(view.phases), 'step')}</span>
        <span className="ml-auto flex items-center gap-1.5">
          <i className="h-1.5 w-4 rounded-[2px] border border-line2" />
          planned
        </span>
        <span className="flex items-center gap-1.5">
          <i className="h-1.5 w-4 rounded-[2px] bg-t3" />
          actual
        </span>
      </div>
      <div ref={list} className="relative min-h-0 flex-1 overflow-y-auto pb-3">
        {view.phases.map((phase) => {
          const mayFold = folds.has(phase.id);
          const folded = mayFold && !turned.has(phase.id);
          const turn = () =>
            setTurned((before) =>
              before.has(phase.id)
                ? new Set([...before].filter((id) => id !== phase.id))
                : new Set([...before, phase.id]),
            );
          return (
            <section key={phase.id} aria-label={phase.title}>
              <PhaseRow phase={phase} folded={folded} onFold={mayFold ? turn : null} />
              {!folded && (
                <ol>
                  {phase.steps.map((step) => (
                    <StepRow
                      key={step.id}
                      step={step}
                      scale={scale}
                      nowMs={nowMs}
                      shown={step.id === shown}
                      onPick={() => pick(step.id)}
                    />
                  ))}
                </ol>
              )}
            </section>
          );
        })}
      </div>
      {mayJump(place, view.currentStepId) && (
        <div className="shrink-0 border-t border-line p-3">
          <Button size="sm" className="w-full" icon={<LocateFixed size={14} />} onClick={() => pick(null)}>
            Jump to current
          </Button>
        </div>
      )}
    </div>
  );
}
