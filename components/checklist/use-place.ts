'use client';
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import { placeQuery, readPlace, type WizardPlace } from './wizard-url';

/** The place in the address; going somewhere changes it without asking the server for the page. */
export function usePlace(): [WizardPlace, (place: WizardPlace, how?: 'replace') => void] {
  const query = useSearchParams();
  const place = useMemo(() => readPlace(query), [query]);
  const go = useCallback((next: WizardPlace, how?: 'replace') => {
    const address = `${window.location.pathname}${placeQuery(next)}`;
    if (how === 'replace') window.history.replaceState(null, '', address);
    else window.history.pushState(null, '', address);
  }, []);
  return [place, go];
}
