'use client';
import { useEffect } from 'react';
import { readOn } from './log-store';
import { useLiveStatus } from './use-live-status';

const everyMs = 3_000;

/** Reads logs that still grow by asking, while there is no stream to follow them. */
export function useReadOn(attemptIds: readonly string[]): void {
  const streaming = useLiveStatus().kind;
  const asks = streaming === 'polling' || streaming === 'lost';
  const key = attemptIds.join(' ');
  useEffect(() => {
    if (!asks || !key) return;
    const again = setInterval(() => {
      for (const id of key.split(' ')) void readOn(id);
    }, everyMs);
    return () => clearInterval(again);
  }, [asks, key]);
}
