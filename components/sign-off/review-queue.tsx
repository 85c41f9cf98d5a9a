'use client';
import { BellRing } from 'lucide-react';
import { useServerNow } from '@/components/ui/clock';
import { cn } from '@/components/ui/cn';
import { Kbd } from '@/components/ui/kbd';
import { Segmented } from '@/components/ui/segmented';
import { TClock, Time } from '@/components/ui/time';
import type { ReviewItemDto, ReviewsDto } from '@/lib/views/dto';
import { itemKey, itemLine, itemsOf, leadsAway, type QueueTab, queueFoot, queueTabs } from './review-queue-state';

function Item({
  item,
  chosen,
  nowMs,
  onOpen,
}: {
  item: ReviewItemDto;
  chosen: boolean;
  nowMs: number;
  onOpen: () => void;
}) {
  return (
    <li className="border-b border-line">
      <a
        href={item.href}
        aria-current={chosen ? 'true' : undefined}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || leadsAway(item)) return;
          event.preventDefault();
          onOpen();
        }}
        className={cn(
          'block border-l-2 py-3 pr-4 pl-3.5 -outline-offset-2',
          chosen
            ? 'border-ink bg-s3 max-md:border-transparent max-md:bg-transparent'
            : 'border-transparent hover:bg-s2',
        )}
      >
        <span className="flex items-baseline gap-2 text-13">
          <b className="min-w-0 truncate font-medium text-t1">{item.sourceId}</b>
          <span className="text-12 text-t2">{item.system}</span>
          <span className="ml-auto shrink-0 font-medium text-t1 tabular-nums">
            {item.doneAt ? <Time iso={item.doneAt} format="datetime" /> : <TClock t0={item.t0} />}
          </span>
        </span>
        <span className="mt-0.5 flex items-baseline gap-2 text-12">
          <span className="min-w-0 text-t2">{itemLine(item, nowMs)}</span>
          {!item.done && <span className="ml-auto shrink-0 text-amber">{item.blocks}</span>}
        </span>
        {item.reminder && (
          <span className="mt-1 flex items-center gap-1.5 text-12 font-medium text-amber">
            <BellRing size={13} aria-hidden />
            <span>
              {item.reminder.by} reminds you, <Time iso={item.reminder.at} format="short" />
            </span>
          </span>
        )}
      </a>
    </li>
  );
}

type Props = {
  view: ReviewsDto;
  tab: QueueTab;
  onTab: (tab: QueueTab) => void;
  chosen: string | null;
  onOpen: (item: ReviewItemDto) => void;
};

/** What waits for a decision. */
export function ReviewQueue({ view, tab, onTab, chosen, onOpen }: Props) {
  const nowMs = useServerNow(1_000);
  const foot = queueFoot(view.items, tab);
  const label: Record<QueueTab, string> = { mine: 'Mine', all: 'All', done: 'Done' };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="shrink-0 border-b border-line px-4 pt-5 pb-3">
        <h1 className="text-20 font-semibold tracking-tight text-t1">Reviews</h1>
        <div className="mt-3">
          <Segmented
            label="Which reviews"
            value={tab}
            onChange={(next: string) => onTab(next as QueueTab)}
            options={queueTabs.map((one) => ({
              value: one,
              label: label[one],
              ...(one === 'done' ? {} : { count: itemsOf(view.items, one).length }),
            }))}
          />
        </div>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto max-md:overflow-visible">
        <ul>
          {itemsOf(view.items, tab).map((item) => (
            <Item
              key={`${item.kind} ${itemKey(item)} ${item.doneAt}`}
              item={item}
              chosen={itemKey(item) === chosen}
              nowMs={nowMs}
              onOpen={() => onOpen(item)}
            />
          ))}
        </ul>
        {foot && <p className="px-4 py-4 text-12 text-t3">{foot}</p>}
      </div>
      <div className="flex h-11 shrink-0 items-center gap-4 border-t border-line px-4 text-12 text-t3 max-md:hidden">
        <span className="flex items-center gap-1">
          <Kbd>j</Kbd>
          <Kbd>k</Kbd> move
        </span>
        <span className="flex items-center gap-1">
          <Kbd>e</Kbd> evidence
        </span>
        <span className="flex items-center gap-1">
          <Kbd>s</Kbd> sign
        </span>
        <span className="flex items-center gap-1">
          <Kbd>r</Kbd> reject
        </span>
      </div>
    </div>
  );
}
