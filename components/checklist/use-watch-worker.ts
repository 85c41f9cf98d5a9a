import { useEffect, useRef } from 'react';
import type { WizardDto } from '@/lib/views/dto';

const everyMs = 2_500;

/** Something runs or should run: its numbers count on from second to second. */
export const isAtWork = (view: WizardDto): boolean =>
  view.stalled != null ||
  view.strip?.outcome === 'running' ||
  view.phases.some(({ steps }) => steps.some(({ running }) => running));

/** A dead worker sends no event, so while one is at work the page looks again by itself. */
export function useWatchWorker(view: WizardDto, lookAgain: () => void): void {
  const atWork = isAtWork(view);
  const look = useRef(lookAgain);
  look.current = lookAgain;
  useEffect(() => {
    if (!atWork) return;
    const timer = setInterval(() => {
      if (!document.hidden) look.current();
    }, everyMs);
    return () => clearInterval(timer);
  }, [atWork]);
}
