'use client';
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import type { LogRow } from '@/lib/views/dto';
import { keepUp, logStore, readOn } from './log-store';
import { useReadOn } from './use-read-on';

type Part = { id: string; live: boolean };

/** Lines of several attempts: each is read once, those that still write are followed. `version` changes with any of them. */
export function useLogs(parts: readonly Part[]): { rowsOf: (id: string) => readonly LogRow[]; version: string } {
  const key = parts.map(({ id, live }) => `${id}${live ? '+' : ''}`).join(' ');
  const ids = key.split(' ').filter(Boolean);
  const subscribe = useCallback(
    (listener: () => void) => {
      const ends = key.split(' ').map((part) => logStore.subscribe(part.replace('+', ''), listener));
      return () => {
        for (const end of ends) end();
      };
    },
    [key],
  );
  const version = useSyncExternalStore(
    subscribe,
    () => ids.map((id) => logStore.version(id.replace('+', ''))).join(' '),
    () => '',
  );
  useEffect(() => {
    const ends: (() => void)[] = [];
    for (const part of key.split(' ').filter(Boolean)) {
      if (part.endsWith('+')) ends.push(keepUp(part.replace('+', '')));
      else void readOn(part);
    }
    return () => {
      for (const end of ends) end();
    };
  }, [key]);
  useReadOn(parts.flatMap(({ id, live }) => (live ? [id] : [])));
  return { rowsOf: (id) => logStore.log(id).rows, version };
}
