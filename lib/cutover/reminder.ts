import type { DerivedStep } from './derive-steps';
import type { CutoverRows } from './rows';

/** Between two reminders of one cutover. */
export const remindEveryMs = 10 * 60_000;

/** It lies before reviewers: nothing else has to happen first. */
export const waitsForReview = (step: DerivedStep): boolean =>
  step.gate.open && (step.status === 'waiting' || step.status === 'stale');

/** The reminder that still stands for this step: none once somebody has decided after it. */
export function reminderOf({ cutover, signOffs }: CutoverRows, stepId: string): { at: Date; by: string } | null {
  const { remindedAt: at, remindedBy: by, remindedStep } = cutover;
  if (!at || !by || remindedStep !== stepId) return null;
  return signOffs.some((one) => one.stepId === stepId && one.at > at) ? null : { at, by };
}

/** When the next reminder is taken; null: now. */
export function remindAgainAt({ cutover, now }: CutoverRows): Date | null {
  const again = (cutover.remindedAt?.getTime() ?? 0) + remindEveryMs;
  return again > now.getTime() ? new Date(again) : null;
}
