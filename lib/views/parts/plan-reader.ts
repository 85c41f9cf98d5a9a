import { readPlanLines } from '@/db/queries/views/read-step-evidence';
import type { Reader } from '@/db/tx';
import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { CutoverRows } from '@/lib/cutover/rows';
import type { PlanLine } from '@/lib/shared/evidence';
import { nextStep, walkedSteps } from './current-step';

/** Lines of the plans that the sentence of a cutover may speak of: the current step's and the one after it. */
export async function planReader(
  db: Reader,
  rows: CutoverRows,
  steps: DerivedStep[],
  current: DerivedStep | null,
): Promise<(step: DerivedStep) => PlanLine[] | null> {
  const walked = walkedSteps(rows, steps);
  const wanted = [current, current ? nextStep(walked.slice(walked.indexOf(current) + 1)) : null];
  const lines = new Map<string, PlanLine[]>();
  for (const step of wanted) {
    const found = step?.plan ? await readPlanLines(db, rows.cutover.id, step.plan.attemptId) : null;
    if (step && found) lines.set(step.id, found.lines);
  }
  return (step) => lines.get(step.id) ?? null;
}
