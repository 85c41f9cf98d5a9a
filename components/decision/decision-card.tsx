'use client';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useWizard } from '@/components/checklist/wizard-context';
import { type CardAct, placeQuery } from '@/components/checklist/wizard-url';
import { useView } from '@/components/live/use-view';
import { factsOfError } from '@/components/live/view-error';
import { ButtonLink } from '@/components/ui/button';
import { Dialog, DialogCancel, DialogContent, DialogSub, DialogTitle } from '@/components/ui/dialog';
import { ErrorLine } from '@/components/ui/error-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import type { DecisionDto } from '@/lib/views/dto';
import { DecisionForm } from './decision-form';
import { LossReading } from './loss-reading';
import { DecisionChecks, DecisionLines, EarlyLine, LossTable } from './decision-parts';

type Card = { act: CardAct; stepId: string | null };

function Body({
  decision,
  head,
  cancel,
  onDone,
  open,
}: {
  decision: DecisionDto;
  head: ReactNode;
  cancel: ReactNode;
  onDone: () => void;
  open: boolean;
}) {
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
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
        {head}
        <DecisionLines lines={decision.lines} />
        {decision.early && <EarlyLine text={decision.early} />}
      </div>
      {decision.loss && decision.loss.count !== '0' && <LossTable loss={decision.loss} />}
      {decision.lossReading && <LossReading reading={decision.lossReading} counted={decision.loss !== null} />}
      <DecisionChecks decision={decision} />
      <DecisionForm decision={decision} cancel={cancel} onDone={onDone} open={open} />
    </>
  );
}

/** The card as plain markup, so that a rollback can be pressed before the page has hydrated. */
function PlainCard({ decision, back }: { decision: DecisionDto; back: string }) {
  return (
    <div className="fixed inset-0 z-50 overflow-y-auto bg-scrim">
      <section
        role="dialog"
        aria-modal="true"
        aria-label={decision.title}
        className="mx-auto my-[8dvh] max-w-[640px] rounded-dialog border border-line bg-s1 shadow-dialog max-md:my-0 max-md:min-h-full max-md:rounded-none"
      >
        <Body
          decision={decision}
          open={false}
          onDone={() => undefined}
          cancel={<ButtonLink href={back}>Cancel</ButtonLink>}
          head={
            <>
              <h2 className="text-20 font-semibold tracking-tight text-t1">{decision.title}</h2>
              <p className="mt-1 text-13 text-t2">{decision.sub}</p>
            </>
          }
        />
      </section>
    </div>
  );
}

/**
 * The decision before each dangerous press. Read again every second while it is open; anything stale closes its last
 * button with the reason, and focus starts on Cancel.
 */
export function DecisionCard({ card, initial }: { card: Card; initial: DecisionDto | null }) {
  const { view, place, go } = useWizard();
  const [hydrated, setHydrated] = useState(false);
  useEffect(() => setHydrated(true), []);
  const params = { cutoverId: view.id, act: card.act, ...(card.stepId ? { stepId: card.stepId } : {}) };
  const fitting = initial?.act === card.act ? initial : undefined;
  const { view: decision, error } = useView<DecisionDto | undefined>('decision', params, fitting, {
    everyMs: 1_000,
    topics: [],
  });
  // The card leaves the history with it: Back leads to what was before, never to an act that is over.
  const close = () => go({ ...place, card: null }, 'replace');

  if (!hydrated)
    return decision ? <PlainCard decision={decision} back={placeQuery({ ...place, card: null }) || '?'} /> : null;
  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent width={decision?.loss ? 720 : 640}>
        {decision ? (
          <Body
            decision={decision}
            open
            onDone={close}
            cancel={<DialogCancel>Cancel</DialogCancel>}
            head={
              <>
                <DialogTitle>{decision.title}</DialogTitle>
                <DialogSub>{decision.sub}</DialogSub>
              </>
            }
          />
        ) : (
          <div className="px-6 py-6">
            <DialogTitle>{error ? 'This cannot be decided now' : 'Reading what this would do'}</DialogTitle>
            <DialogSub>{error ? 'Nothing was changed.' : 'A moment: everything is read fresh.'}</DialogSub>
            <div className="mt-4">{error ? <ErrorLine error={factsOfError(error)} /> : <SkeletonRows rows={5} />}</div>
            <div className="mt-6 flex justify-end">
              <DialogCancel>{error ? 'Back' : 'Cancel'}</DialogCancel>
            </div>
          </div>
        )}
      </DialogContent>
    </Dialog>
  );
}
