'use client';
import { useEffect, useRef } from 'react';

const sequenceMs = 900;
/** Begins every pair of keys. */
const leader = 'g';
const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
const isPressable = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('a,button,summary,[role="button"]') !== null;
const coveredByDialog = (): boolean =>
  document.querySelector('[role="dialog"],[role="menu"],[role="listbox"]') !== null;

/** Keys of a page: 'j', '?', 'g f' (one after the other). Silent in fields and while a dialog is open. No key runs a step.
 *  A key whose function returns false was not for it. */
export function useHotkeys(keys: Record<string, (event: KeyboardEvent) => unknown>): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    let first = '';
    let firstAt = 0;
    const onKey = (event: KeyboardEvent) => {
      if (
        event.defaultPrevented ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        isField(event.target) ||
        coveredByDialog()
      )
        return;
      if (event.key === 'Enter' && isPressable(event.target)) return;
      const begun = event.timeStamp - firstAt < sequenceMs;
      const pair = begun ? `${first} ${event.key}` : '';
      // After `g` a key is the second half of a way, never an act of its own: `g r` must not reject.
      const run = (pair && latest.current[pair]) || (begun && first === leader ? undefined : latest.current[event.key]);
      first = event.key;
      firstAt = event.timeStamp;
      if (!run) return;
      if (run(event) === false) return;
      first = '';
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
