import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';

/** When users were held by a press and when they were let through; null: not yet. */
export type Hold = { from: Date | null; to: Date | null };

const kindOf = (steps: DerivedStep[], stepId: string): string | null =>
  steps.find(({ id }) => id === stepId)?.place.step.kind ?? null;

/** When a pressed step began to change anything: its plan is compared first, which may take long. Null before that. */
export function workedSince({ startedAt, planMatchedAt, planDigest, state }: AttemptRow): Date | null {
  if (planMatchedAt || !planDigest || state === 'done') return planMatchedAt ?? startedAt;
  return null;
}

/** From the freeze to the thaw of this press, or to the freeze taken back. @param press attempts of one press, oldest first */
export function holdOf(steps: DerivedStep[], press: AttemptRow[]): Hold {
  const begun = press.flatMap((one) => {
    const since = one.verb === 'run' && kindOf(steps, one.stepId) === 'freeze' ? workedSince(one) : null;
    return since ? [since] : [];
  });
  const from = begun.at(0) ?? null;
  return { from, to: from && (releases(steps, press).find((at) => at >= from) ?? null) };
}

/** Ends of what lets users through again, oldest first. */
function releases(steps: DerivedStep[], attempts: AttemptRow[]): Date[] {
  return attempts
    .filter(({ stepId, verb, state }) => {
      const kind = kindOf(steps, stepId);
      return state === 'done' && ((kind === 'thaw' && verb === 'run') || (kind === 'freeze' && verb === 'undo'));
    })
    .flatMap(({ endedAt }) => (endedAt ? [endedAt] : []))
    .sort((a, b) => a.getTime() - b.getTime());
}

/** Since when users are held right now, by the switch or by a rollback; null while they go. */
export function heldSince({ cutover, attempts }: CutoverRows, steps: DerivedStep[]): Date | null {
  if (cutover.state === 'closed' || cutover.state === 'abandoned') return null;
  const freezes = attempts.filter(({ stepId, verb }) => verb === 'run' && kindOf(steps, stepId) === 'freeze');
  const let0 = [...releases(steps, attempts), ...(cutover.rolledBackAt ? [cutover.rolledBackAt] : [])];
  const last = let0.reduce((newest, at) => Math.max(newest, at.getTime()), 0);
  // Of several presses in a row without a release the first holds on.
  const since = freezes.flatMap((one) => {
    const at = workedSince(one);
    return at && at.getTime() > last ? [at] : [];
  });
  return since[0] ?? null;
}
