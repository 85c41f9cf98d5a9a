'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { type FleetFilter, filterQuery, readFilter } from './fleet-state';

/** The filter lives in the URL alone. Typing replaces the entry, so that going back leaves the page. */
export function useFleetFilter(): [FleetFilter, (change: Partial<FleetFilter>) => void] {
  const path = usePathname();
  const query = useSearchParams();
  const filter = useMemo(() => readFilter(query), [query]);
  return [filter, (change) => window.history.replaceState(null, '', `${path}${filterQuery({ ...filter, ...change })}`)];
}
