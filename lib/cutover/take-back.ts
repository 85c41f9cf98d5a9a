import { isGreen } from './derive-gate';
import { deriveSteps, type DerivedStep } from './derive-steps';
import { usersLetThrough } from './loss';
import type { CutoverRows } from './rows';
import type { Place } from './walk-runbook';

/** True while the target alone holds what users wrote between switch and rollback: nothing may drop it. */
export const targetHoldsWrites = (rows: CutoverRows, steps: DerivedStep[]): boolean =>
  rows.cutover.state === 'rolled_back' &&
  usersLetThrough(rows) &&
  !steps.some(
    ({ place, status }) => place.group === 'data-rollback' && place.step.kind === 'restore' && isGreen(status),
  );

/** Steps that were started and not taken back since, newest first: the order in which an abandon undoes them. After a rollback
 *  the sequence of the switch is back already, and what holds users' writes stays as it is. */
export function placesToTakeBack(rows: CutoverRows): Place[] {
  const steps = deriveSteps(rows);
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
