'use client';
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import type { LogLines } from './log-lines';
import { followLog, logStore, readOn } from './log-store';
import { useLiveStatus } from './use-live-status';

/**
 * The lines of one attempt: read page by page, then followed.
 * @param live the attempt may still write; an ended one is read once
 */
export function useLog(
  attemptId: string,
  live: boolean,
): { log: LogLines; version: number; loaded: boolean; error: Error | null } {
  const subscribe = useCallback((listener: () => void) => logStore.subscribe(attemptId, listener), [attemptId]);
  const version = useSyncExternalStore(
    subscribe,
    () => logStore.version(attemptId),
    () => 0,
  );
  const streaming = useLiveStatus().kind;

  useEffect(() => {
    let end: (() => void) | null = null;
    let left = false;
    void readOn(attemptId).then(() => {
      if (live && !left) end = followLog(attemptId);
    });
    return () => {
      left = true;
      end?.();
    };
  }, [attemptId, live]);

  useEffect(() => {
    if (!live || (streaming !== 'polling' && streaming !== 'lost')) return;
    const again = setInterval(() => void readOn(attemptId), 3_000);
    return () => clearInterval(again);
  }, [attemptId, live, streaming]);

  return {
    log: logStore.log(attemptId),
    version,
    loaded: logStore.loaded(attemptId),
    error: logStore.failed(attemptId),
  };
}
