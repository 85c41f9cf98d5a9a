import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import { formatAbout, formatDuration } from '@/lib/shared/format';
import type { WizardDto } from '@/lib/views/dto';

export type Freeze = {
  limitMs: number;
  plannedMs: number;
  measuredMs: number | null;
  actualMs: number | null;
  runningSince: Date | null;
};

/** Attempts of the newest press of the switch, oldest first. */
export function switchPress(rows: CutoverRows): AttemptRow[] {
  const ids = new Set(
    rows.runbook.phases.filter(({ sequence }) => sequence).flatMap(({ steps }) => steps.map(({ id }) => id)),
  );
  const own = rows.attempts.filter(({ stepId, verb }) => ids.has(stepId) && verb !== 'plan');
  const press = own.at(-1)?.pressId;
  return own.filter(({ pressId }) => pressId === press);
}

/** @param measuredMs how long users were held when this profile was last frozen, in a cutover before this one */
export function freezeOf(rows: CutoverRows, steps: DerivedStep[], measuredMs: number | null): Freeze {
  const { cutover, runbook } = rows;
  const sequence = runbook.phases.find((phase) => phase.sequence)?.steps ?? [];
  const press = switchPress(rows);
  const freeze = press.find((attempt) => kindOf(steps, attempt.stepId) === 'freeze' && attempt.verb !== 'undo');
  const held = freeze?.startedAt && cutover.frozenMs === null && !released(rows, steps, press);
  return {
    limitMs: runbook.freeze_limit_seconds * 1000,
    plannedMs: sequence.reduce((sum, step) => sum + step.planned_seconds, 0) * 1000,
    measuredMs,
    actualMs: cutover.frozenMs,
    runningSince: held ? freeze.startedAt : null,
  };
}

const kindOf = (steps: DerivedStep[], stepId: string): string | null =>
  steps.find(({ id }) => id === stepId)?.place.step.kind ?? null;

/** Users go again: thaw is done, or the freeze was taken back. */
function released(rows: CutoverRows, steps: DerivedStep[], press: AttemptRow[]): boolean {
  const rolledBack = rows.cutover.state === 'rolled_back' || rows.cutover.state === 'switched';
  return (
    rolledBack ||
    press.some(
      (attempt) =>
        attempt.state === 'done' &&
        (kindOf(steps, attempt.stepId) === 'thaw' ||
          (kindOf(steps, attempt.stepId) === 'freeze' && attempt.verb === 'undo')),
    )
  );
}

export const predictedMs = ({ measuredMs, plannedMs }: Freeze): number => measuredMs ?? plannedMs;

/** "about 3.1 s of 10 s", "was 3.2 s of 10 s". */
function freezeText(freeze: Freeze): string {
  if (freeze.runningSince && freeze.actualMs === null) return 'users are held';
  const took =
    freeze.actualMs === null ? `about ${formatAbout(predictedMs(freeze))}` : `was ${formatDuration(freeze.actualMs)}`;
  return `${took} of ${formatAbout(freeze.limitMs)}`;
}

export function toFreezeDto(freeze: Freeze): WizardDto['freeze'] {
  return {
    text: freezeText(freeze),
    limitMs: freeze.limitMs,
    actualMs: freeze.actualMs,
    runningSince: freeze.runningSince?.toISOString() ?? null,
  };
}
