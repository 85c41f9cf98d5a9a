import { useEffect, useRef } from 'react';
import type { WizardDto } from '@/lib/views/dto';

const everyMs = 2_500;
/** A service that stops answering sends no event of the cutover either. */
const serviceMs = 8_000;

/** Something runs or should run: its numbers count on from second to second. */
export const isAtWork = (view: WizardDto): boolean =>
  view.stalled != null ||
  view.strip?.outcome === 'running' ||
  view.phases.some(({ steps }) => steps.some(({ running }) => running));

const isOpen = ({ state }: WizardDto): boolean => state !== 'closed' && state !== 'abandoned';

/** Neither a dead worker nor a service that fails sends an event, so the page looks again by itself, more often while at work. */
export function useWatchWorker(view: WizardDto, lookAgain: () => void): void {
  const lookMs = isAtWork(view) ? everyMs : isOpen(view) ? serviceMs : null;
  const look = useRef(lookAgain);
  look.current = lookAgain;
  useEffect(() => {
    if (lookMs === null) return;
    const timer = setInterval(() => {
      if (!document.hidden) look.current();
    }, lookMs);
    return () => clearInterval(timer);
  }, [lookMs]);
}
