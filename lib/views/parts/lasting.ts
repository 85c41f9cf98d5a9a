import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { CutoverRows } from '@/lib/cutover/rows';
import { lastingFact } from '@/lib/shared/lasting';

/** What the newest attempt of a failed step said of findings that no retry takes away; null where one may. */
export function lastingOf({ facts }: Pick<CutoverRows, 'facts'>, step: DerivedStep): string | null {
  if (step.status !== 'failed' || !step.attempt) return null;
  const { id, attempt } = step;
  const said = facts.find((one) => one.stepId === id && one.name === lastingFact && one.attemptId === attempt.id);
  return typeof said?.value === 'string' ? said.value : null;
}
