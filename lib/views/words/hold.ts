import { formatAbout } from '@/lib/shared/format';

/** How long users will be held, what that rests on, and how long the runbook allows. */
export type PredictedHold = {
  ms: number;
  by: 'press' | 'switch' | 'row-diff' | 'plan';
  limitMs: number;
  /** Its surfaces may be moved one at a time. */
  divisible: boolean;
};

/** What the prediction rests on. */
export const predictedByWords: Record<PredictedHold['by'], string> = {
  press: 'at least, as measured when this switch was pressed before',
  switch: 'measured when this profile was last switched',
  'row-diff': 'reckoned from the row diff of this cutover',
  plan: 'as planned by the runbook',
};

/** What to do where users would be held for longer than allowed; empty where they would not. */
export function overLimitWords({ ms, limitMs, divisible }: PredictedHold): string {
  if (ms <= limitMs) return '';
  const ways = divisible ? ', or plan it for one surface at a time' : '';
  return `That is over the limit of ${formatAbout(limitMs)}, so it would return by itself: raise freeze_limit_seconds in the runbook first${ways}.`;
}

/** Said from the plan on, before anybody works towards a press that would come back by itself; null where it fits. */
export const holdWarning = (predicted: PredictedHold, noun: string): string | null =>
  predicted.ms > predicted.limitMs
    ? `The ${noun} would hold users about ${formatAbout(predicted.ms)}, ${predictedByWords[predicted.by]}. ${overLimitWords(predicted)}`
    : null;
