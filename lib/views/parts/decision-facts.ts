import { stepOf, type DerivedStep } from '@/lib/cutover/derive-steps';
import { targetHoldsWrites } from '@/lib/cutover/take-back';
import { CutoverError } from '@/lib/errors';
import { listWords } from '@/lib/shared/words';
import type { ActDto, DecisionDto } from '@/lib/views/dto';
import { isLater } from '@/lib/views/words/acts';
import type { DecisionFacts } from '@/lib/views/words/decision';
import { inPlaceName, pressWords } from '@/lib/views/words/in-place';
import { stepTitle } from '@/lib/views/words/step-title';
import { toPredicted } from './freeze';
import { lostPlaceOf } from './lost-place';
import type { OpenCutover } from './open-cutover';

/** The step whose plan the press carries. */
export function stepOfAct(
  { rows, steps }: OpenCutover,
  act: DecisionDto['act'],
  stepId: string | undefined,
): DerivedStep {
  const firstOf = (group: string) =>
    steps.find(({ place }) => place.group === group && place.index === 0 && (group !== 'main' || place.sequence));
  const chosen = () => (stepId ? stepOf(steps, stepId) : undefined);
  const choose: Record<DecisionDto['act'], () => DerivedStep | null | undefined> = {
    rollback: () => firstOf('runtime-rollback'),
    'data-rollback': () => firstOf('data-rollback'),
    close: () => steps.find(({ place }) => place.step.kind === 'close'),
    switch: () => (stepId ? chosen() : firstOf('main')),
    abandon: () => steps[0],
    repair: chosen,
    override: chosen,
  };
  const found = choose[act]();
  if (found) return found;
  throw new CutoverError({
    code: 'step_unknown',
    message: `Runbook ${rows.runbook.name} has no such step.`,
    advice: 'Open the cutover again and choose a step of its list.',
  });
}

export function actOf(open: OpenCutover, act: DecisionDto['act'], step: DerivedStep): ActDto | null {
  const exit = open.exits.find((each) => each.act === act);
  if (exit) return exit;
  const names: Record<string, ActDto['act'][]> = {
    switch: ['run', 'retry'],
    repair: ['run', 'retry'],
    close: ['close'],
    override: ['override'],
  };
  return open.actsOf(step).find((each) => names[act]?.includes(each.act)) ?? null;
}

export function factsOf(
  { rows, freeze, steps }: OpenCutover,
  act: DecisionDto['act'],
  step: DerivedStep,
  lossCount: bigint | null,
): Omit<DecisionFacts, 'lossMoves' | 'together' | 'replaces'> {
  const { runbook, entry, cutover } = rows;
  const back = steps.filter(({ place }) => place.group === 'runtime-rollback');
  const keepDays = steps.find(({ place }) => place.step.kind === 'close')?.place.step.params.keep_snapshot_days;
  return {
    act,
    sourceId: cutover.sourceId,
    from: runbook.from,
    to: runbook.to,
    service: entry.service?.name ?? 'none',
    schema: entry.profile.target.schema,
    stepTitle: stepTitle(step.place),
    neighbours: entry.neighbours
      .filter(({ shares }) => shares.includes('service'))
      .map(({ profile }) => profile.source_id),
    predicted:
      act === 'rollback'
        ? { ...toPredicted(rows, freeze), ms: plannedMs(back), by: 'plan', divisible: false }
        : toPredicted(rows, freeze),
    lossCount,
    keepDays: typeof keepDays === 'number' ? keepDays : null,
    keepsTarget: targetHoldsWrites(rows, steps),
    lost: lostPlaceOf(rows, steps),
    remakes: remakesOf(steps),
    inPlace: inPlaceName(runbook),
    chosen: rows.findings.find(({ code, rule }) => code === 'snapshot_to_choose' && rule)?.rule ?? null,
    ...(runbook.surfaces ? { surfaces: runbook.surfaces } : {}),
    later:
      act === 'switch' && isLater(step) ? { why: step.place.step.why ?? '', held: freeze.runningSince !== null } : null,
  };
}

const remakesOf = (steps: DerivedStep[]): string | null => {
  const made = steps.find(({ place }) => place.group === 'data-rollback' && place.step.kind === 'bootstrap');
  return made ? stepTitle(made.place) : null;
};

const plannedMs = (steps: DerivedStep[]): number =>
  steps.reduce((sum, { place }) => sum + place.step.planned_seconds, 0) * 1000;

export function subOf({ rows, steps, people }: OpenCutover, act: DecisionDto['act']): string {
  const where = rows.entry.system.title;
  const signed = steps.find(
    ({ place, signOff }) => place.untilSwitch && place.human === 'sign-off' && signOff?.decision === 'signed',
  );
  if (act === 'switch' && signed?.signOff) {
    const signers = signed.signRoles.length ? signed.signRoles.map((role) => role.signOff) : [signed.signOff];
    const names = signers.flatMap((one) => (one ? [people.get(one.by) ?? 'a reviewer'] : []));
    return `${where}. Signed off by ${listWords([...new Set(names)])}.`;
  }
  if (act === 'rollback')
    return `${where}. This runbook cannot carry rows written since the ${pressWords(rows.runbook).noun} back: they exist only in the target.`;
  return `${where}.`;
}
