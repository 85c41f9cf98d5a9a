import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import type { PredictedHold } from '@/lib/views/words/hold';
import { holdOf, workedSince } from './hold';

type Predicted = Pick<PredictedHold, 'ms' | 'by'>;

/** Kinds that compare every row once more under the hold. */
const compares = new Set(['row-diff', 'repair']);

/** How long the next press will hold users, from what was measured last; never shorter than a press that came back held them.
 *  @param presses of the switch, newest last @param lastMs of this profile's switch in a cutover before this one */
export function predictHold(
  rows: CutoverRows,
  steps: DerivedStep[],
  presses: AttemptRow[][],
  lastMs: number | null,
): Predicted {
  const sequence = steps.filter(({ place }) => place.group === 'main' && place.sequence);
  const own = presses.flat();
  const diffMs = rowDiffMs(rows, steps);
  const sum = (estimate: (step: DerivedStep) => number) => sequence.reduce((all, step) => all + estimate(step), 0);
  const planned = ({ place }: DerivedStep): number => place.step.planned_seconds * 1000;
  const compared = (step: DerivedStep): number =>
    diffMs !== null && compares.has(step.place.step.kind) ? diffMs : planned(step);
  const heldMs = presses.map((press) => spanMs(holdOf(steps, press)));
  const longest = Math.max(0, ...heldMs);
  if (longest > 0) {
    const took = (step: DerivedStep): number => tookMs(own, step, compared(step));
    return { ms: Math.max(longest, sum(took)), by: 'press' };
  }
  // Comparing alone takes longer than that switch held: it was of fewer rows, or of fewer surfaces.
  const comparing = sum((step) => (compares.has(step.place.step.kind) ? compared(step) : 0));
  if (lastMs !== null && (diffMs === null || comparing <= lastMs)) return { ms: lastMs, by: 'switch' };
  const byDiff = sum(compared);
  const byPlan = sum(planned);
  return byDiff > byPlan ? { ms: byDiff, by: 'row-diff' } : { ms: byPlan, by: 'plan' };
}

const spanMs = ({ from, to }: { from: Date | null; to: Date | null }): number =>
  from && to ? to.getTime() - from.getTime() : 0;

const tookOf = (attempt: AttemptRow | undefined): number | null => {
  const since = attempt && workedSince(attempt);
  return since && attempt.endedAt ? attempt.endedAt.getTime() - since.getTime() : null;
};

/** What it took last; one that was ended before it was done takes at least as long again. */
function tookMs(own: AttemptRow[], step: DerivedStep, expected: number): number {
  const last = own.findLast(({ stepId, verb, endedAt }) => stepId === step.id && verb === 'run' && endedAt);
  const took = tookOf(last);
  if (took === null) return expected;
  return last?.state === 'done' ? took : Math.max(took, expected);
}

/** The newest row diff before the switch that went to its end. */
function rowDiffMs(rows: CutoverRows, steps: DerivedStep[]): number | null {
  const ids = steps
    .filter(({ place }) => place.group === 'main' && place.step.kind === 'row-diff' && !place.sequence)
    .map(({ id }) => id);
  return tookOf(
    rows.attempts.findLast(({ stepId, verb, state }) => ids.includes(stepId) && verb === 'run' && state === 'done'),
  );
}
