import { isGreen, switchTouched } from '@/lib/cutover/derive-gate';
import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { CutoverRows } from '@/lib/cutover/rows';

const underWay = ({ status, live }: DerivedStep): boolean =>
  status === 'running' || (live !== null && live.verb !== 'plan');

/** The steps that are walked now: the main ones, or those of a rollback that was pressed. */
export function walkedSteps(rows: CutoverRows, steps: DerivedStep[]): DerivedStep[] {
  const inGroup = (group: string) => steps.filter(({ place }) => place.group === group);
  for (const group of ['data-rollback', 'runtime-rollback']) {
    const own = inGroup(group);
    if (own.some(underWay) || (rows.cutover.state === 'rolled_back' && own.some(({ attempt }) => attempt))) return own;
    if (own.some(({ status, attempt }) => attempt && (status === 'failed' || status === 'unknown'))) return own;
  }
  return inGroup('main');
}

/** The step a person looks at first: what moves, else what broke, else what comes next; null once all are done. */
export function currentStep(rows: CutoverRows, steps: DerivedStep[]): DerivedStep | null {
  const walked = walkedSteps(rows, steps);
  const moving = walked.find(underWay);
  if (moving) return moving;
  const broke = walked.find(
    ({ status, attempt, signOff }) => (status === 'failed' || status === 'unknown') && (attempt || signOff),
  );
  if (!broke) return nextStep(walked);
  const first = returnedBy(rows, steps, broke);
  if (!first) return broke;
  return first.gate.open ? first : nextStep(walked);
}

/** A reviewer has said no, and nobody has decided again. */
export const isRejected = ({ status, signOff, signRoles }: DerivedStep): boolean =>
  status === 'waiting' &&
  (signRoles.length ? signRoles.some(({ stands }) => stands === 'rejected') : signOff?.decision === 'rejected');

/** A switch that was taken back starts again at its first step, not at the one that broke; null for anything else. */
export function returnedBy(rows: CutoverRows, steps: DerivedStep[], broke: DerivedStep): DerivedStep | null {
  if (broke.place.group !== 'main' || !broke.place.sequence || switchTouched(rows)) return null;
  return sequenceOfStep(steps, broke)[0] ?? null;
}

const sequenceOfStep = (steps: DerivedStep[], { place }: DerivedStep): DerivedStep[] =>
  steps.filter((other) => other.place.group === place.group && other.place.phaseId === place.phaseId);

/** The step at which the newest press of the switch came back, when `first` is its first step and it did. */
export function returnedFrom(steps: DerivedStep[], first: DerivedStep): DerivedStep | null {
  if (first.place.group !== 'main' || !first.place.sequence || first.place.index > 0) return null;
  return sequenceOfStep(steps, first).find(({ status, attempt }) => status === 'failed' && attempt) ?? null;
}

/** The first step that is not done; one that can start goes before one that waits for it. */
export function nextStep(walked: DerivedStep[]): DerivedStep | null {
  const open = walked.filter(({ status }) => !isGreen(status));
  return open.find(({ gate, status }) => gate.open && status !== 'waiting') ?? open[0] ?? null;
}

/** Of an abandoned cutover the step that ran last: nothing comes next. Null where none ran, and of any other. */
export function lastRun({ cutover }: CutoverRows, steps: DerivedStep[]): DerivedStep | null {
  if (cutover.state !== 'abandoned') return null;
  const startedMs = ({ attempt }: DerivedStep): number => attempt?.startedAt?.getTime() ?? 0;
  return (
    steps
      .filter(({ attempt }) => attempt?.verb === 'run' && attempt.startedAt)
      .toSorted((one, other) => startedMs(one) - startedMs(other))
      .at(-1) ?? null
  );
}

/** True while a press of the switch or of a rollback runs: users may be held. */
export const sequenceUnderWay = (steps: DerivedStep[]): DerivedStep | null =>
  steps.find((step) => step.place.sequence && step.live !== null && step.live.verb !== 'plan') ?? null;
