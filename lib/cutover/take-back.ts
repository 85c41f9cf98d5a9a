import { isLive } from '@/lib/shared/statuses';
import { isGreen } from './derive-gate';
import { deriveSteps, type DerivedStep } from './derive-steps';
import { usersLetThrough } from './loss';
import type { CutoverRows } from './rows';
import { titleOf, type Place } from './walk-runbook';

/** True while the target alone holds what users wrote between switch and rollback: nothing may drop it. */
export const targetHoldsWrites = (rows: CutoverRows, steps: DerivedStep[]): boolean =>
  rows.cutover.state === 'rolled_back' &&
  usersLetThrough(rows) &&
  !steps.some(
    ({ place, status }) => place.group === 'data-rollback' && place.step.kind === 'restore' && isGreen(status),
  );

/** Steps that were started and not taken back since, newest first: the order in which an abandon undoes them. After a rollback
 *  the sequence of the switch is back already, and what holds users' writes stays as it is. */
export function placesToTakeBack(rows: CutoverRows, steps: DerivedStep[] = deriveSteps(rows)): Place[] {
  if (targetHoldsWrites(rows, steps)) return [];
  return steps
    .filter(
      ({ place, attempt }) =>
        place.group === 'main' &&
        !place.human &&
        !(place.sequence && rows.cutover.state === 'rolled_back') &&
        attempt?.startedAt &&
        !(attempt.verb === 'undo' && attempt.state === 'done'),
    )
    .map(({ place }) => place)
    .reverse();
}

/** The step that a pressed abandon takes back now, and how far it is; null when none is under way. */
export function abandonUnderWay(rows: CutoverRows, steps: DerivedStep[]): { step: DerivedStep; words: string } | null {
  const live = rows.attempts.find(({ state, pressId }) => isLive(state) && pressId?.startsWith('abandon:'));
  const step = live && steps.find(({ id }) => id === live.stepId);
  if (!live || !step) return null;
  const done = rows.attempts.filter(({ pressId, state }) => pressId === live.pressId && state === 'done').length;
  // One that waits for a worker has not started, so it is counted by itself.
  const after = placesToTakeBack(rows, steps).filter((place) => place.step.id !== step.id).length;
  const words = `Abandoning: taking back ${titleOf(step.place)}, ${done + 1} of ${done + 1 + after}.`;
  return { step, words };
}
