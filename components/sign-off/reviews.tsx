'use client';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { useView } from '@/components/live/use-view';
import { ButtonLink } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { useHotkeys } from '@/components/ui/hotkeys';
import { toast } from '@/components/ui/toaster';
import { routes } from '@/lib/shared/routes';
import type { ReviewsDto } from '@/lib/views/dto';
import { ReviewItem, type ReviewActions } from './review-item';
import { ReviewQueue } from './review-queue';
import { itemKey, itemsOf, leadsAway, neighbour, type QueueTab } from './review-queue-state';

/** No review to show; what waits for a second person is decided on the page of its cutover, and leads there. */
function NothingOpen({ items }: { items: ReviewsDto['items'] }) {
  const away = itemsOf(items, 'mine').find(leadsAway);
  return (
    <div className="grid flex-1 place-content-center justify-items-center gap-4 bg-bg p-6 text-center text-13 text-t2">
      {away ? (
        <>
          <p>
            <b className="font-semibold text-t1">{`${away.gate} of ${away.sourceId} needs a second person.`}</b> It is
            decided beside what is at stake.
          </p>
          <ButtonLink href={away.href} variant="primary">
            Open the decision
          </ButtonLink>
        </>
      ) : (
        <p>Nothing is open. A review appears here as soon as an operator asks for one.</p>
      )}
    </div>
  );
}

/** Queue and item. On narrow screens the queue first, then the item alone. */
export function Reviews({
  initial,
  actions,
  firstKey,
}: {
  initial: ReviewsDto;
  actions: ReviewActions;
  firstKey: string;
}) {
  const query = useSearchParams();
  const [cutoverId, stepId] = [query.get('cutover'), query.get('step')];
  const params: Record<string, string> = cutoverId && stepId ? { cutoverId, stepId } : {};
  const { view, switching, refresh } = useView<ReviewsDto>('reviews', params, initial);
  const [tab, setTab] = useState<QueueTab>('mine');
  const [evidenceOpen, setEvidenceOpen] = useState(false);
  const { selected } = view;
  const chosen = selected ? itemKey(selected) : null;
  const open = (item: { cutoverId: string; stepId: string } | null) =>
    window.history.pushState(null, '', item ? routes.reviews(item.cutoverId, item.stepId) : routes.reviews());
  const move = (by: 1 | -1) => {
    const next = neighbour(
      itemsOf(view.items, tab).filter((item) => !leadsAway(item)),
      chosen,
      by,
    );
    if (next) open(next);
  };
  useHotkeys({ j: () => move(1), k: () => move(-1), e: () => setEvidenceOpen((before) => !before) });
  const onDone = () => {
    refresh();
    // One that was opened stays and says so itself; else the next takes its place.
    if (!cutoverId) toast('Recorded.', { detail: 'The operator sees it now.' });
  };
  return (
    <div className="flex min-h-full max-md:flex-1 md:h-full md:min-h-0">
      <aside
        aria-label="Queue"
        className={cn(
          'flex w-[360px] shrink-0 flex-col border-r border-line bg-s1 max-md:w-full max-md:border-r-0',
          cutoverId && 'max-md:hidden',
        )}
      >
        <ReviewQueue view={view} tab={tab} onTab={setTab} chosen={chosen} onOpen={open} />
      </aside>
      <div
        className={cn('flex min-h-0 min-w-0 flex-1', !cutoverId && 'max-md:hidden', switching && 'opacity-60')}
        aria-busy={switching}
      >
        {selected ? (
          <ReviewItem
            key={itemKey(selected)}
            selected={selected}
            actions={actions}
            firstKey={firstKey}
            evidenceOpen={evidenceOpen}
            onBack={() => open(null)}
            onDone={onDone}
            onAsk={() => !cutoverId && open(selected)}
          />
        ) : (
          <NothingOpen items={view.items} />
        )}
      </div>
    </div>
  );
}
