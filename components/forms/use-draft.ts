'use client';
import { useCallback, useSyncExternalStore } from 'react';

const drafts = new Map<string, string>();
const listeners = new Set<() => void>();
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Keeps or, with empty text, forgets what was typed into a field of this name. */
export function keepDraft(name: string, text: string): void {
  if (text) drafts.set(name, text);
  else drafts.delete(name);
  for (const listener of listeners) listener();
}
export const readDraft = (name: string): string => drafts.get(name) ?? '';

/**
 * Text of one field, kept outside of the components for as long as the tab lives: a live update may replace any part of a
 * page, and React empties the fields of a form it sent, also of a refused one. What a person typed survives both.
 * @param name unique in the console: what is written about
 */
export function useDraft(name: string): [text: string, change: (text: string) => void] {
  const text = useSyncExternalStore(
    subscribe,
    () => readDraft(name),
    () => '',
  );
  return [text, useCallback((next: string) => keepDraft(name, next), [name])];
}
