import type { AttemptRow } from '@/lib/cutover/rows';
import { type Place, sequenceOf } from '@/lib/cutover/walk-runbook';

/** Machine steps that an attempt plans: all of a press where it is for the first of them, else the step alone. */
export function placesToPlan(places: Place[], place: Place): Place[] {
  const isFirstOfPress = place.sequence && place.index === 0;
  return isFirstOfPress ? sequenceOf(places, place).filter(({ human }) => !human) : [place];
}

/** A plan reads and holds nobody: on a busy machine at night it is better late than never. But a person waits for it, and one
 *  that hangs must end before they give up. */
const planSeconds = { least: 60, most: 600 };

/** How long an attempt may take, milliseconds. A plan has what its runbook says, else the time of every step that it plans: the
 *  first of a rollback is a freeze of seconds, and its plan counts the rows that would be lost. */
export function limitMs(places: Place[], place: Place, verb: AttemptRow['verb']): number {
  if (verb !== 'plan') return place.step.limit_seconds * 1000;
  const planned = placesToPlan(places, place).reduce((sum, { step }) => sum + step.limit_seconds, 0);
  const { least, most } = planSeconds;
  return (place.step.plan_limit_seconds ?? Math.min(most, Math.max(least, planned))) * 1000;
}

/** One timer, which may be set again. */
export class Deadline {
  onPassed: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param ms from now on */
  endIn(ms: number): void {
    this.clear();
    this.#timer = setTimeout(() => this.onPassed(), ms);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
