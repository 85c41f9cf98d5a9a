import { useEffect, useRef } from 'react';
import type { WizardDto } from '@/lib/views/dto';

const everyMs = 2_500;

/** A dead worker sends no event, so while one is at work the page looks again by itself. */
export function useWatchWorker(view: WizardDto, refresh: () => void): void {
  const atWork =
    view.stalled != null ||
    view.strip?.outcome === 'running' ||
    view.phases.some(({ steps }) => steps.some(({ running }) => running));
  const look = useRef(refresh);
  look.current = refresh;
  useEffect(() => {
    if (!atWork) return;
    const timer = setInterval(() => {
      if (!document.hidden) look.current();
    }, everyMs);
    return () => clearInterval(timer);
  }, [atWork]);
}
