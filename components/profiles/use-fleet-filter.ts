'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { type FleetFilter, filterQuery, readFilter } from './fleet-state';

/**
 * The filter, kept in the URL. The router tells of a new URL a little later than keys are pressed, so what was typed is
 * held here, and only a URL that this page did not write itself is taken over.
 */
export function useFleetFilter(): [FleetFilter, (change: Partial<FleetFilter>) => void] {
  const path = usePathname();
  const query = useSearchParams();
  const [filter, setFilter] = useState(() => readFilter(query));
  const written = useRef(new Set([filterQuery(filter)]));
  useEffect(() => {
    const told = readFilter(query);
    const text = filterQuery(told);
    if (written.current.has(text)) return;
    written.current = new Set([text]);
    setFilter(told);
  }, [query]);
  const change = (part: Partial<FleetFilter>) => {
    const next = { ...filter, ...part };
    const text = filterQuery(next);
    written.current.add(text);
    setFilter(next);
    // Replaced, not added: going back leaves the page.
    window.history.replaceState(null, '', `${path}${text}`);
  };
  return [filter, change];
}
