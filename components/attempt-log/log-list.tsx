'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, type ReactNode, useEffect, useLayoutEffect, useReducer, useRef, useState } from 'react';
import type { LogItem } from '@/components/live/log-lines';
import { cn } from '@/components/ui/cn';
import { formatCount } from '@/lib/shared/format';
import { endPx, type Follow, type FollowEvent, followText, nextFollow } from './follow';
import { LogLine, type TimeMode } from './log-line';
import { inRange, type LineRange } from './line-range';

type Props = {
  items: LogItem[];
  count: number;
  mode: TimeMode;
  wrap: boolean;
  query: string;
  startedAt: string | null;
  selected: LineRange | null;
  /** Without it numbers are plain. */
  onNumber?: (line: number, event: MouseEvent) => void;
  /** Line to bring into view; a new object brings it again. */
  target: { line: number } | null;
  marks: { at: number; current: boolean }[];
  rawHref: string;
  foot: ReactNode;
  follow: Follow;
  onFollow: (event: FollowEvent) => void;
};

const reduceFollow = (follow: Follow, event: FollowEvent): Follow => nextFollow(follow, event);
export const useFollow = (on: boolean) => useReducer(reduceFollow, on ? { on: true } : { on: false, fromCount: 0 });

function Gap({ count, href }: { count: number; href: string }) {
  return (
    <div className="flex items-center gap-3 px-4 font-sans text-12 leading-5 text-t3">
      <span className="h-px flex-1 bg-line" />
      {formatCount(count)} lines left out,{' '}
      <a href={href} className="text-blue underline underline-offset-2">
        download all
      </a>
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}

/** The lines, drawn only where they are seen. Stays at the end while following; what a person reads never moves. */
export function LogList(props: Props) {
  const { items, follow, onFollow, target, count } = props;
  const box = useRef<HTMLDivElement>(null);
  const topBefore = useRef(0);
  const [openLine, setOpenLine] = useState<number | null>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => 20,
    overscan: 20,
    initialRect: { width: 748, height: 400 },
    getItemKey: (index) => {
      const item = items[index];
      return item?.kind === 'line' ? item.row[0] : `gap-${item?.after}`;
    },
  });

  useLayoutEffect(() => {
    if (follow.on && items.length > 0) virtual.scrollToIndex(items.length - 1, { align: 'end' });
  }, [follow.on, items.length, virtual]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a list that grew must not jump back to an old target
  useEffect(() => {
    if (!target) return;
    const index = items.findIndex((item) => item.kind === 'line' && item.row[0] >= target.line);
    if (index >= 0) virtual.scrollToIndex(index, { align: 'center' });
  }, [target, virtual]);

  useEffect(() => {
    const onSelect = () => {
      const chosen = document.getSelection();
      if (chosen && !chosen.isCollapsed && box.current?.contains(chosen.anchorNode))
        onFollow({ kind: 'paused', count });
    };
    document.addEventListener('selectionchange', onSelect);
    return () => document.removeEventListener('selectionchange', onSelect);
  }, [count, onFollow]);

  const paused = followText(follow, count);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col bg-bg">
      <div
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Log lines"
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          onFollow({
            kind: 'scrolled',
            atEnd: scrollHeight - scrollTop - clientHeight <= endPx,
            upward: scrollTop < topBefore.current - 1,
            count,
          });
          topBefore.current = scrollTop;
        }}
        onKeyDown={(event) => {
          if (event.key === 'End') onFollow({ kind: 'resumed' });
        }}
        className="min-h-0 flex-1 overflow-auto py-1 -outline-offset-2 max-md:max-h-[65dvh]"
      >
        <div className="relative w-full" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((at) => {
            const item = items[at.index];
            return (
              <div
                key={at.key}
                data-index={at.index}
                ref={virtual.measureElement}
                className={cn('absolute left-0 top-0 w-full', !props.wrap && 'md:w-max md:min-w-full')}
                style={{ transform: `translateY(${at.start}px)` }}
              >
                {item?.kind === 'gap' ? (
                  <Gap count={item.count} href={props.rawHref} />
                ) : item ? (
                  <LogLine
                    row={item.row}
                    mode={props.mode}
                    startedAt={props.startedAt}
                    wrap={props.wrap}
                    query={props.query}
                    selected={inRange(props.selected, item.row[0])}
                    current={target?.line === item.row[0]}
                    {...(props.onNumber ? { onNumber: props.onNumber } : {})}
                    detail={openLine === item.row[0]}
                    onTap={(line) => setOpenLine((open) => (open === line ? null : line))}
                  />
                ) : null}
              </div>
            );
          })}
        </div>
        {props.foot}
      </div>
      {props.marks.length > 0 && (
        <div aria-hidden="true" className="pointer-events-none absolute inset-y-1 right-0.5 w-1.5">
          {props.marks.map((mark) => (
            <span
              key={mark.at}
              className={cn('absolute right-0 h-0.5 w-1.5', mark.current ? 'bg-blue' : 'bg-amber')}
              style={{ top: `${mark.at * 100}%` }}
            />
          ))}
        </div>
      )}
      {paused && (
        <button
          type="button"
          onClick={() => onFollow({ kind: 'resumed' })}
          className="absolute bottom-3 left-1/2 h-7 -translate-x-1/2 rounded-full border border-blue/50 bg-s2 px-3 text-12 font-medium text-t1 shadow-dialog touch:h-11"
        >
          {paused}
        </button>
      )}
    </div>
  );
}
