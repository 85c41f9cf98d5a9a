import { isLive } from '@/lib/shared/statuses';
import type { Tx } from '@/db/tx';
import { refuseRun } from './derive-acts';
import { differingDiff, switchTouched } from './derive-gate';
import { deriveSteps, type DerivedStep } from './derive-steps';
import { addAttempt } from './new-attempt';
import type { CutoverRows } from './rows';

/** Asks for plans of steps a person may press next and that have none for the ground they now stand on. */
export async function planReadySteps(tx: Tx, rows: CutoverRows): Promise<void> {
  const wanted = deriveSteps(rows).filter((step) => wantsPlan(rows, step));
  // The way out comes first: it must be at hand when somebody needs it, and no press waits for it.
  for (const first of [true, false])
    for (const { place } of wanted.filter((step) => isWayOut(step) === first))
      await addAttempt(tx, rows.cutover, { verb: 'plan', place, requestedBy: null }, { first });
}

const isWayOut = ({ place }: DerivedStep): boolean => place.group === 'runtime-rollback';

function wantsPlan(rows: CutoverRows, step: DerivedStep): boolean {
  const { place, gate, live, status, planAttempt, attempt } = step;
  if (place.human || live || !gate.open) return false;
  if (place.sequence && rows.attempts.some(({ state, pressId }) => pressId && isLive(state))) return false;
  if (!startsPress(rows, step)) return false;
  if (place.repairs) return step.plan === null && !listedSince(rows, step);
  if (status === 'passed' || status === 'overridden') return false;
  if (!planAttempt) return true;
  const newest = rows.attempts.at(-1);
  const fresh =
    (!attempt || planAttempt.queuedAt > attempt.queuedAt) &&
    place.needs.every((id) => planAttempt.basis[id] === undefined || planAttempt.basis[id] === greenOf(rows, id));
  // A plan that failed is not tried again by itself until something has changed.
  return !fresh && newest !== planAttempt;
}

/** True for what a person may press: the first step of a sequence, and a later one that broke and may be pressed again. */
function startsPress(rows: CutoverRows, step: DerivedStep): boolean {
  const { place, status } = step;
  if (!place.sequence) return true;
  const rolledBack = rows.cutover.state === 'rolled_back';
  if (place.index > 0 || (place.group === 'runtime-rollback' && rolledBack))
    return (status === 'failed' || status === 'unknown') && refuseRun(rows, step) === null;
  return place.group !== 'runtime-rollback' || rows.cutover.state === 'switched' || switchTouched(rows);
}

/** The rows of the newest row diff were listed, or could not be: not tried again by itself. */
function listedSince(rows: CutoverRows, { place, planAttempt }: DerivedStep): boolean {
  const diff = place.repairs ? differingDiff(rows, place.repairs) : null;
  return !diff?.endedAt || (planAttempt !== null && planAttempt.queuedAt >= diff.endedAt);
}

const greenOf = (rows: CutoverRows, id: string): string | null =>
  deriveSteps(rows).find((step) => step.id === id)?.greenBy ?? null;
