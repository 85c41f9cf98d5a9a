'use client';
import { type MouseEvent, useEffect, useRef, useSyncExternalStore } from 'react';
import { useWizard } from '@/components/checklist/wizard-context';
import { type CardAct, placeQuery } from '@/components/checklist/wizard-url';
import { useView } from '@/components/live/use-view';
import { factsOfError } from '@/components/live/view-error';
import { ButtonLink } from '@/components/ui/button';
import { Dialog, DialogContent, DialogSub, DialogTitle } from '@/components/ui/dialog';
import { ErrorLine } from '@/components/ui/error-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import type { DecisionDto } from '@/lib/views/dto';
import { DecisionForm } from './decision-form';
import { LossReading } from './loss-reading';
import { PlanMaking } from './plan-making';
import { DecisionChecks, DecisionLines, EarlyLine, LossTable } from './decision-parts';

type Card = { act: CardAct; stepId: string | null };
/** `alive`: hydrated. Before it nothing can be typed into state, and the server decides alone. */
type BodyProps = { decision: DecisionDto; back: string; onClose: () => void; alive: boolean };

const never = () => () => undefined;
/** False on the server and in the first painting of what it sent, true from then on. */
const useAlive = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );

/** A link, so that it also leads out before hydration. */
function Cancel({ back, onClose, children }: { back: string; onClose: () => void; children: string }) {
  const leave = (event: MouseEvent) => {
    event.preventDefault();
    onClose();
  };
  return (
    <ButtonLink href={back} prefetch={false} onClick={leave} data-cancel="">
      {children}
    </ButtonLink>
  );
}

function Body({ decision, back, onClose, alive }: BodyProps) {
  const top = useRef<HTMLDivElement>(null);
  // What the server sent may be pressed already: nothing may move under the finger.
  const opensHere = useRef(alive);
  useEffect(() => {
    if (!opensHere.current) return;
    // Focus starts on Cancel at the foot; a narrow screen would open there and hide what the card is about.
    const frame = requestAnimationFrame(() => {
      const card = top.current?.closest('[role="dialog"]');
      // What stood here while the card was read has taken the focus with it.
      if (document.activeElement === card || document.activeElement === document.body)
        card?.querySelector<HTMLElement>('[data-cancel]')?.focus({ preventScroll: true });
      card?.scrollTo(0, 0);
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <>
      <div ref={top} className="px-6 pt-6 pb-4 max-md:px-4">
        <DialogTitle>{decision.title}</DialogTitle>
        <DialogSub>{decision.sub}</DialogSub>
        <DecisionLines lines={decision.lines} />
        {decision.early && <EarlyLine text={decision.early} />}
      </div>
      {decision.planning && <PlanMaking planning={decision.planning} />}
      {decision.loss && decision.loss.count !== '0' && <LossTable loss={decision.loss} />}
      {decision.lossReading && <LossReading reading={decision.lossReading} counted={decision.loss !== null} />}
      <DecisionChecks decision={decision} />
      <DecisionForm
        decision={decision}
        cancel={
          <Cancel back={back} onClose={onClose}>
            Cancel
          </Cancel>
        }
        onDone={onClose}
        alive={alive}
      />
    </>
  );
}

/**
 * The decision before each dangerous press. Read again every second while it is open; anything stale closes its last
 * button with the reason, and focus starts on Cancel. The server sends the same elements that then come alive: a press
 * that falls into that moment keeps its button.
 */
export function DecisionCard({ card, initial }: { card: Card; initial: DecisionDto | null }) {
  const { view, place, go } = useWizard();
  const alive = useAlive();
  const params = { cutoverId: view.id, act: card.act, ...(card.stepId ? { stepId: card.stepId } : {}) };
  const fitting = initial?.act === card.act ? initial : undefined;
  const { view: decision, error } = useView<DecisionDto | undefined>('decision', params, fitting, {
    everyMs: 1_000,
    topics: [],
  });
  // The card leaves the history with it: Back leads to what was before, never to an act that is over.
  const close = () => go({ ...place, card: null }, 'replace');
  const back = placeQuery({ ...place, card: null }) || '?';

  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent width={decision?.loss ? 720 : 640} inPlace>
        {decision ? (
          <Body decision={decision} back={back} onClose={close} alive={alive} />
        ) : (
          <div className="px-6 py-6">
            <DialogTitle>{error ? 'This cannot be decided now' : 'Reading what this would do'}</DialogTitle>
            <DialogSub>{error ? 'Nothing was changed.' : 'A moment: everything is read fresh.'}</DialogSub>
            <div className="mt-4">{error ? <ErrorLine error={factsOfError(error)} /> : <SkeletonRows rows={5} />}</div>
            <div className="mt-6 flex justify-end">
              <Cancel back={back} onClose={close}>
                {error ? 'Back' : 'Cancel'}
              </Cancel>
            </div>
          </div>
        )}
      </DialogContent>
    </Dialog>
  );
}
