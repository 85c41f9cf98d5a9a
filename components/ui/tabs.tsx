'use client';
import Link from 'next/link';
import { Tabs as Radix } from 'radix-ui';
import { type ComponentProps, type MouseEvent, useEffect, useRef } from 'react';
import { cn } from './cn';

export type TabCount = number | string | undefined;
const look =
  'relative flex h-10 shrink-0 items-center gap-2 whitespace-nowrap font-medium text-t2 hover:text-t1 focus-visible:-outline-offset-2 touch:h-11';
const mark = 'after:absolute after:inset-x-0 after:-bottom-px after:h-0.5 after:rounded-full after:bg-ink';
const Count = ({ count }: { count: TabCount }) =>
  count !== undefined && <span className="font-normal text-t3">{count}</span>;

export const Tabs = Radix.Root;
export const TabList = ({ className, ...rest }: ComponentProps<typeof Radix.List>) => (
  <Radix.List {...rest} className={cn('flex gap-6 overflow-x-auto overflow-y-hidden border-b', className)} />
);
export const Tab = ({
  count,
  className,
  children,
  ...rest
}: ComponentProps<typeof Radix.Trigger> & { count?: TabCount }) => (
  <Radix.Trigger
    {...rest}
    className={cn(
      look,
      'data-[state=active]:text-t1 data-[state=active]:after:absolute data-[state=active]:after:inset-x-0 data-[state=active]:after:bottom-0 data-[state=active]:after:h-0.5 data-[state=active]:after:bg-ink',
      className,
    )}
  >
    {children}
    <Count count={count} />
  </Radix.Trigger>
);
export const TabPanel = Radix.Content;

type Item = { key: string; label: string; count?: TabCount; href: string };
type LinkTabsProps = {
  items: Item[];
  current: string;
  onSelect?: (key: string) => void;
  label?: string;
  className?: string;
};
const plain = (event: MouseEvent) => !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0;

/** Tabs that live in the URL: real links, so they work before hydration and can be opened beside. */
export function LinkTabs({ items, current, onSelect, label = 'Parts of this page', className }: LinkTabsProps) {
  const select = (key: string) => (event: MouseEvent) => {
    if (!onSelect || !plain(event)) return;
    event.preventDefault();
    onSelect(key);
  };
  const bar = useRef<HTMLElement>(null);
  // On a narrow screen the current tab may lie beyond the edge; the page itself must not move.
  useEffect(() => {
    const at = bar.current?.querySelector<HTMLElement>(`[data-tab="${current}"]`);
    if (!bar.current || !at) return;
    bar.current.scrollLeft = at.offsetLeft - (bar.current.clientWidth - at.offsetWidth) / 2;
  }, [current]);
  return (
    <nav
      ref={bar}
      aria-label={label}
      className={cn('relative -mb-px flex gap-6 overflow-x-auto overflow-y-hidden', className)}
    >
      {items.map((item) => (
        <Link
          key={item.key}
          href={item.href}
          scroll={false}
          prefetch={false}
          onClick={select(item.key)}
          data-tab={item.key}
          aria-current={item.key === current ? 'page' : undefined}
          className={cn(look, item.key === current && ['text-t1', mark, 'after:bottom-0'])}
        >
          {item.label}
          <Count count={item.count} />
        </Link>
      ))}
    </nav>
  );
}
