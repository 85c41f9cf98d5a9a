import { deriveSteps } from './derive-steps';
import type { CutoverRows } from './rows';
import type { Place } from './walk-runbook';

/** Steps that were started and not taken back since, newest first: the order in which an abandon undoes them. */
export const placesToTakeBack = (rows: CutoverRows): Place[] =>
  deriveSteps(rows)
    .filter(
      ({ place, attempt }) =>
        place.group === 'main' &&
        !place.human &&
        attempt?.startedAt &&
        !(attempt.verb === 'undo' && attempt.state === 'done'),
    )
    .map(({ place }) => place)
    .reverse();
