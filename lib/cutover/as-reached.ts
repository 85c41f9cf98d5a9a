import { isGreen } from './derive-gate';
import { deriveSteps, type DerivedStep } from './derive-steps';
import type { AttemptRow, CutoverRows } from './rows';

/** A step's undo that an abandon pressed. */
export const ofAbandon = ({ verb, pressId }: AttemptRow): boolean =>
  verb === 'undo' && pressId?.startsWith('abandon:') === true;

/**
 * The steps as people look back on them. An abandon takes back what was put in place, and so no step stands any more; what
 * each had reached is its history, and is shown with the moment at which it was taken back. Nothing may be pressed on it.
 * Of any other cutover the steps as they are.
 */
export function asReached(rows: CutoverRows, steps: DerivedStep[]): DerivedStep[] {
  const { cutover } = rows;
  if (cutover.state !== 'abandoned') return steps;
  const before = deriveSteps({
    ...rows,
    now: cutover.endedAt ?? rows.now,
    cutover: { ...cutover, state: cutover.switchedAt ? 'switched' : 'open' },
    attempts: rows.attempts.filter((attempt) => !ofAbandon(attempt)),
  });
  return steps.map((step) => {
    const was = before.find(({ id }) => id === step.id);
    const reached = was && (isGreen(was.status) || ['failed', 'unknown', 'stale'].includes(was.status)) ? was : null;
    if (!reached || step.place.group !== 'main') return { ...step, acts: [] };
    const { status, reason, because, since, attempt, signOff, signRoles, override } = reached;
    const backAt = rows.attempts.findLast((one) => one.stepId === step.id && ofAbandon(one))?.endedAt ?? null;
    return {
      ...step,
      status,
      reason: backAt && status !== 'failed' ? takenBack(reason, backAt) : reason,
      because: because ?? null,
      since,
      attempt,
      signOff,
      signRoles,
      override,
      acts: [],
    };
  });
}

const takenBack = (reason: string | null, at: Date): string =>
  `${reason ? `${reason} ` : ''}Taken back at ${at.toISOString()}.`;
