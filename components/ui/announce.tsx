'use client';
import { useSyncExternalStore } from 'react';

let said = '';
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Tells screen readers of a change of state. Not for log lines. */
export function announce(text: string): void {
  // The same words again must be a new text, or nothing is read out.
  said = text === said ? `${text}\u00a0` : text;
  for (const listener of listeners) listener();
}
export function LiveRegion() {
  const text = useSyncExternalStore(
    subscribe,
    () => said,
    () => '',
  );
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {text}
    </div>
  );
}
