import { repairStepOf } from '@/lib/fleet/repair-step';
import type { Runbook, RunbookStep } from '@/lib/fleet/runbook-schema';
import { capital } from '@/lib/shared/words';

/** `repair`: not a line of the runbook; a row diff offers it when rows differ. */
export type StepGroup = 'main' | 'runtime-rollback' | 'data-rollback' | 'repair';

/** One step where it stands in its runbook. */
export type Place = {
  step: RunbookStep;
  group: StepGroup;
  phaseId: string;
  /** One press runs it together with the others of its phase or rollback. */
  sequence: boolean;
  /** Position in its phase or rollback; 0 is where the press starts. */
  index: number;
  /** Before the end of the switch phase: cannot be run again once switched. */
  untilSwitch: boolean;
  human: 'sign-off' | 'checklist' | null;
  /** The row diff whose rows it repairs. */
  repairs: string | null;
  /** Step ids that must be green before it starts. */
  needs: string[];
};

const humanOf = (kind: string): Place['human'] => (kind === 'sign-off' || kind === 'checklist' ? kind : null);

/** Every step of the runbook in order: main phases, repairs, then runtime rollback, then data rollback. */
export function walkRunbook(runbook: Runbook): Place[] {
  const switchAt = runbook.phases.findIndex(({ sequence }) => sequence);
  const main = runbook.phases.flatMap((phase, at) =>
    phase.steps.map(
      (step, index): Place => ({
        step,
        group: 'main',
        phaseId: phase.id,
        sequence: phase.sequence,
        index,
        untilSwitch: switchAt >= 0 && at <= switchAt,
        human: humanOf(step.kind),
        repairs: null,
        needs: step.needs,
      }),
    ),
  );
  const repairs = main.flatMap((place): Place[] => {
    const step = place.untilSwitch && !place.sequence ? repairStepOf(place.step) : null;
    return step ? [{ ...place, step, group: 'repair', index: 0, repairs: place.step.id }] : [];
  });
  const rollback = (group: StepGroup, steps: RunbookStep[]): Place[] =>
    steps.map((step, index) => {
      const before = steps[index - 1];
      const needs = before && !step.needs.includes(before.id) ? [...step.needs, before.id] : step.needs;
      return {
        step,
        group,
        phaseId: group,
        sequence: true,
        index,
        untilSwitch: false,
        human: humanOf(step.kind),
        repairs: null,
        needs,
      };
    });
  return [
    ...main,
    ...repairs,
    ...rollback('runtime-rollback', runbook.rollbacks.runtime.steps),
    ...rollback('data-rollback', runbook.rollbacks.data?.steps ?? []),
  ];
}

/** The steps of the press that `place` belongs to, in order. */
export const sequenceOf = (places: Place[], place: Place): Place[] =>
  places.filter((other) => other.group === place.group && other.phaseId === place.phaseId);

/** Touches the running service, so never at the same time as another of that service. */
export const touchesService = (place: Place): boolean => place.sequence || place.step.params.on === 'live';

/** Asks for the source id typed by hand before it starts. */
export const needsTypedId = (place: Place): boolean =>
  place.sequence || place.step.kind === 'close' || place.repairs !== null;

export const titleOf = (place: Place): string => place.step.title ?? place.step.kind.replaceAll('-', ' ');

/** The title inside a sentence: "log scan"; a name in capitals keeps them. */
export function titleInside(place: Place): string {
  const title = titleOf(place);
  return /^[A-Z]{2}/.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1);
}

/** A step as its runbook calls it, to begin a line with; its id when the runbook no longer has it. */
export function titleInRunbook(runbook: Runbook, stepId: string): string {
  const place = walkRunbook(runbook).find(({ step }) => step.id === stepId);
  return capital(place ? titleOf(place) : stepId);
}
