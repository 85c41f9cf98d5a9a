'use client';
import { useEffect, useState } from 'react';
import type { Progress } from '@/lib/shared/evidence';
import { addReading, type ProgressSeries } from './progress-series';
import { useTopic } from './use-topic';

const isProgress = (value: unknown): value is Progress =>
  !!value && typeof value === 'object' && 'done' in value && 'unit' in value && 'at' in value;

/**
 * The readings of one attempt: the one the page came with, then those of the stream.
 * @param live false for an ended attempt: nothing is listened to
 */
export function useProgress(attemptId: string | null, read: Progress | null, live: boolean): ProgressSeries | null {
  const [kept, setKept] = useState<{ id: string | null; series: ProgressSeries | null }>(() => ({
    id: attemptId,
    series: read ? addReading(null, read) : null,
  }));
  const series = kept.id === attemptId ? kept.series : read ? addReading(null, read) : null;

  useEffect(() => {
    if (!read) return;
    setKept((before) => ({
      id: attemptId,
      series: addReading(before.id === attemptId ? before.series : null, read),
    }));
  }, [attemptId, read]);

  useTopic(live && attemptId ? `progress:${attemptId}` : null, (rows) => {
    const reading = rows.at(-1)?.[1];
    if (isProgress(reading))
      setKept((before) => ({
        id: attemptId,
        series: addReading(before.id === attemptId ? before.series : null, reading),
      }));
  });
  return series;
}
