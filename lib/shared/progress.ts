import type { Progress } from './evidence';
import { formatAbout } from './format';

/** Time left at the measured rate, in ms; null while measuring, without a total, or when nothing moves. */
export function msLeft({ done, total, perSecond }: Pick<Progress, 'done' | 'total' | 'perSecond'>): number | null {
  if (!perSecond || total === null) return null;
  return (Math.max(0, total - done) / perSecond) * 1000;
}

/** "about 13 s left": the same words beside a bar, in the sentence and in the fleet. */
export function leftWords(progress: Pick<Progress, 'done' | 'total' | 'perSecond'> | null): string | null {
  const left = progress && msLeft(progress);
  return left === null ? null : `about ${formatAbout(Math.max(1000, left))} left`;
}

export const fractionOf = (progress: Pick<Progress, 'done' | 'total'> | null): number | null =>
  progress?.total ? Math.min(1, progress.done / progress.total) : null;
