'use client';
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import type { LogLines } from './log-lines';
import { keepUp, logStore, readOn } from './log-store';
import { useReadOn } from './use-read-on';

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

  useEffect(() => {
    if (live) return keepUp(attemptId);
    void readOn(attemptId);
  }, [attemptId, live]);

  useReadOn(live ? [attemptId] : []);

  return {
    log: logStore.log(attemptId),
    version,
    loaded: logStore.loaded(attemptId),
    error: logStore.failed(attemptId),
  };
}
