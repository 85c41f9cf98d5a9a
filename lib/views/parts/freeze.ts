import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import { formatAbout, formatDuration } from '@/lib/shared/format';
import type { WizardDto } from '@/lib/views/dto';
import { heldSince, holdOf } from './hold';
import { predictHold } from './predict-hold';
import type { PredictedHold } from '@/lib/views/words/hold';

export type Freeze = {
  limitMs: number;
  predicted: Pick<PredictedHold, 'ms' | 'by'>;
  /** What the newest press was told to take, itself left out. */
  toldMs: number;
  /** Of the switch that let users through to the target. */
  actualMs: number | null;
  /** How long the newest press held users that was taken back by itself. */
  returnedMs: number | null;
  runningSince: Date | null;
};

/** Presses of the switch, newest last, each with its attempts, oldest first. */
function switchPresses(rows: CutoverRows): AttemptRow[][] {
  const ids = new Set(
    rows.runbook.phases.filter(({ sequence }) => sequence).flatMap(({ steps }) => steps.map(({ id }) => id)),
  );
  const presses = new Map<string | null, AttemptRow[]>();
  for (const attempt of rows.attempts) {
    if (!ids.has(attempt.stepId) || attempt.verb === 'plan') continue;
    presses.set(attempt.pressId, [...(presses.get(attempt.pressId) ?? []), attempt]);
  }
  return [...presses.values()];
}

/** @param measuredMs how long users were held when this profile was last frozen, in a cutover before this one */
export function freezeOf(rows: CutoverRows, steps: DerivedStep[], measuredMs: number | null): Freeze {
  const { cutover, runbook } = rows;
  const presses = switchPresses(rows);
  const last = presses.at(-1);
  const hold = last ? holdOf(steps, last) : null;
  const isBack = last?.some(({ verb }) => verb === 'undo') && cutover.switchedAt === null;
  return {
    limitMs: runbook.freeze_limit_seconds * 1000,
    predicted: predictHold(rows, steps, presses, measuredMs),
    toldMs: predictHold(rows, steps, presses.slice(0, -1), measuredMs).ms,
    actualMs: cutover.frozenMs,
    returnedMs: isBack && hold?.from && hold.to ? hold.to.getTime() - hold.from.getTime() : null,
    runningSince: heldSince(rows, steps),
  };
}

/** The prediction with all that its words need. */
export const toPredicted = ({ runbook }: CutoverRows, { predicted, limitMs }: Freeze): PredictedHold => ({
  ...predicted,
  limitMs,
  divisible: runbook.subset === true && (runbook.surfaces?.length ?? 2) > 1,
});

/** "about 3.1 s of 10 s", "was 3.2 s of 10 s", "held 1 m 4 s, returned". */
function freezeText(freeze: Freeze): string {
  if (freeze.runningSince) return 'users are held';
  const limit = ` of ${formatAbout(freeze.limitMs)}`;
  if (freeze.actualMs !== null) return `was ${formatDuration(freeze.actualMs)}${limit}`;
  if (freeze.returnedMs !== null) return `held ${formatDuration(freeze.returnedMs)}, returned${limit}`;
  return `about ${formatAbout(freeze.predicted.ms)}${limit}`;
}

export function toFreezeDto(freeze: Freeze): WizardDto['freeze'] {
  return {
    text: freezeText(freeze),
    limitMs: freeze.limitMs,
    actualMs: freeze.actualMs,
    runningSince: freeze.runningSince?.toISOString() ?? null,
  };
}
