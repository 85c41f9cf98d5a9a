'use client';
import { ChevronDown } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { cardIsOver } from '@/components/decision/card-is-over';
import { DecisionCard } from '@/components/decision/decision-card';
import { LiveStrip } from '@/components/decision/live-strip';
import { useView } from '@/components/live/use-view';
import { announce } from '@/components/ui/announce';
import { HeldClock } from '@/components/ui/clock';
import { useHotkeys } from '@/components/ui/hotkeys';
import { Sheet, SheetContent, SheetTrigger } from '@/components/ui/sheet';
import type { DecisionDto, WizardDto } from '@/lib/views/dto';
import { DoneSummary } from './done-summary';
import { GatePanel, gateCount } from './gate-panel';
import { NarrowBar, NextSentence } from './next-sentence';
import { HeldNotice, WizardNotices } from './notices';
import { useOwnPress } from './use-own-press';
import { usePlace } from './use-place';
import { isAtWork, useWatchWorker } from './use-watch-worker';
import { StepMiddle } from './step-middle';
import { TimelineRail } from './timeline-rail';
import { type WizardActions, WizardProvider } from './wizard-context';
import { NarrowHeader, WizardHeader } from './wizard-header';

type Props = { initial: WizardDto; initialDecision: DecisionDto | null; actions: WizardActions; firstKey: string };

/** Tells readers when a state changed, not when a line came. */
function useAnnouncements(view: WizardDto): void {
  const said = useRef('');
  const now = `${view.sourceId}: ${view.badge.text}. ${view.next.trouble ? `${view.next.trouble.lead} ` : ''}${view.next.lead}`;
  useEffect(() => {
    if (said.current && said.current !== now) announce(now);
    said.current = now;
  }, [now]);
}

function StepPicker({ view }: { view: WizardDto }) {
  const [open, setOpen] = useState(false);
  return (
    <Sheet open={open} onOpenChange={setOpen}>
      <SheetTrigger asChild>
        <button
          type="button"
          className="flex h-12 w-full shrink-0 items-center gap-2 border-b border-line px-4 text-left text-13 md:hidden"
        >
          <span className="font-medium text-t1">
            Step {view.step.index} of {view.step.of}
          </span>
          <span className="min-w-0 truncate text-t2">{view.step.title}</span>
          <ChevronDown size={16} aria-hidden="true" className="ml-auto text-t2" />
        </button>
      </SheetTrigger>
      <SheetContent title="Steps">
        <TimelineRail view={view} onPicked={() => setOpen(false)} />
        <GatePanel view={view} />
      </SheetContent>
    </Sheet>
  );
}

function Columns({ view, switching }: { view: WizardDto; switching: boolean }) {
  return (
    <div className="flex min-h-0 flex-1">
      <nav aria-label="Timeline" className="flex w-[300px] shrink-0 flex-col border-r border-line bg-s1 max-md:hidden">
        <TimelineRail view={view} />
      </nav>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <details className="group shrink-0 border-b border-line bg-s1 max-md:hidden wide:hidden">
          <summary className="flex h-9 cursor-pointer list-none items-center gap-2 px-6 text-12 text-t2 [&::-webkit-details-marker]:hidden">
            <b className="font-medium">{view.gate.title}</b>{' '}
            <span className="text-t3 tabular-nums">{gateCount(view)}</span>
            {view.gate.warning && <span className="text-amber">Freeze over its limit</span>}
            <ChevronDown size={14} aria-hidden="true" className="ml-auto group-open:rotate-180" />
          </summary>
          <div className="max-h-[45dvh] overflow-y-auto border-t border-line">
            <GatePanel view={view} />
          </div>
        </details>
        <DoneSummary view={view} />
        <StepMiddle view={view} switching={switching} />
      </div>
      <aside
        aria-label="Gate"
        className="relative hidden w-80 shrink-0 overflow-y-auto border-l border-line bg-s1 wide:block"
      >
        <GatePanel view={view} />
      </aside>
    </div>
  );
}

/** The finished strip that was left in this tab: a reload must not bring it back over the page. */
function useStripLeft(cutoverId: string): [string | null, (startedAt: string) => void] {
  const [left, setLeft] = useState<string | null>(null);
  const key = `strip-left:${cutoverId}`;
  useEffect(() => setLeft(sessionStorage.getItem(key)), [key]);
  const leave = (startedAt: string) => {
    sessionStorage.setItem(key, startedAt);
    setLeft(startedAt);
  };
  return [left, leave];
}

/** The wizard of one cutover: one next act, what it will do, what it does now, and how to undo it. */
export function Wizard({ initial, initialDecision, actions, firstKey }: Props) {
  const [place, go] = usePlace();
  const params = useMemo(
    () => ({ cutoverId: initial.id, ...(place.stepId ? { stepId: place.stepId } : {}) }),
    [initial.id, place.stepId],
  );
  const { view, switching, refresh, look } = useView<WizardDto>('wizard', params, initial, { cursor: initial.cursor });
  const { press, late, took, lookAgain } = useOwnPress(view, refresh, look);
  const around = useMemo(
    () => ({ view, actions, firstKey, place, go, refresh, held: { press, late, took, lookAgain } }),
    [view, actions, firstKey, place, go, refresh, press, late, took, lookAgain],
  );
  const [stripLeft, leaveStrip] = useStripLeft(initial.id);
  const over = place.card !== null && cardIsOver(view, place.card);
  useEffect(() => {
    if (over) go({ ...place, card: null }, 'replace');
  }, [over, place, go]);
  useAnnouncements(view);
  useWatchWorker(view, look);
  useHotkeys({
    l: () => go({ ...place, tab: 'log' }),
    Escape: () => (place.stepId || place.tab ? go({ stepId: null, tab: null, card: null }) : false),
  });
  const strip =
    view.strip &&
    (view.strip.outcome === 'running' || (stripLeft !== view.strip.startedAt && !place.stepId && !isAtWork(view)))
      ? view.strip
      : null;
  return (
    <WizardProvider value={around}>
      <HeldClock asOf={view.now} running={isAtWork(view)}>
        <div className="flex min-h-full flex-col max-md:flex-1 md:h-full md:min-h-0">
          <WizardHeader view={view} />
          <NarrowHeader view={view} />
          <HeldNotice />
          <WizardNotices view={view} />
          {/* While it runs nothing else is to press; once it has ended, what comes next is offered with it. */}
          {strip?.outcome !== 'running' && <NextSentence view={view} panelShown={!strip} />}
          {strip ? (
            <LiveStrip strip={strip} view={view} onLeave={() => leaveStrip(strip.startedAt)} />
          ) : (
            <>
              <StepPicker view={view} />
              <Columns view={view} switching={switching} />
            </>
          )}
          {strip?.outcome !== 'running' && <NarrowBar view={view} panelShown={!strip} />}
        </div>
        {place.card && !over && strip?.outcome !== 'running' && (
          <DecisionCard key={`${place.card.act} ${place.card.stepId}`} card={place.card} initial={initialDecision} />
        )}
      </HeldClock>
    </WizardProvider>
  );
}
