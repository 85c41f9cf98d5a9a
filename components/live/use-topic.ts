'use client';
import { useEffect, useRef } from 'react';
import { listenToTopic } from './event-stream';
import type { Batch } from './topics';

/** Hands the new rows of one topic to `listener`; null listens to nothing. */
export function useTopic(topic: string | null, listener: (rows: Batch['rows']) => void, cursor = 0): void {
  const newest = useRef(listener);
  newest.current = listener;
  useEffect(() => {
    if (topic) return listenToTopic(topic, (rows) => newest.current(rows), cursor);
  }, [topic, cursor]);
}
