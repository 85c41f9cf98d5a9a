import type { DecisionDto, StepDetailDto, StepRowDto } from '@/lib/views/dto';

export const wizardTabs = ['plan', 'log', 'checkpoints', 'attempts'] as const;
export type WizardTab = (typeof wizardTabs)[number];

export const cardActs = [
  'switch',
  'repair',
  'rollback',
  'data-rollback',
  'close',
  'abandon',
  'override',
] as const satisfies readonly DecisionDto['act'][];
export type CardAct = (typeof cardActs)[number];

/** What the address says. No step: the page follows the current one. */
export type WizardPlace = {
  stepId: string | null;
  tab: WizardTab | null;
  card: { act: CardAct; stepId: string | null } | null;
};

const oneOf = <T extends string>(all: readonly T[], text: string | null): T | null =>
  all.find((one) => one === text) ?? null;

export function readPlace(query: { get(name: string): string | null }): WizardPlace {
  const act = oneOf(cardActs, query.get('card'));
  return {
    stepId: query.get('step') || null,
    tab: oneOf(wizardTabs, query.get('tab')),
    card: act && { act, stepId: query.get('of') || null },
  };
}

export function placeQuery(place: WizardPlace): string {
  const query = new URLSearchParams();
  if (place.stepId) query.set('step', place.stepId);
  if (place.tab) query.set('tab', place.tab);
  if (place.card) query.set('card', place.card.act);
  if (place.card?.stepId) query.set('of', place.card.stepId);
  const text = query.toString();
  return text ? `?${text}` : '';
}

/** A ready step opens its plan, a running one its log, an ended one its checkpoints (or its log, when it has none). */
export function defaultTab(
  step: Pick<StepDetailDto, 'status' | 'running' | 'checkpoints' | 'attemptsList' | 'findings'>,
): WizardTab {
  if (step.running) return 'log';
  const seen = step.checkpoints.length > 0 || step.findings.length > 0;
  switch (step.status) {
    case 'running':
      return 'log';
    case 'passed':
    case 'overridden':
    case 'stale':
    case 'unknown':
      return seen ? 'checkpoints' : step.attemptsList.length ? 'log' : 'plan';
    case 'failed':
      // An attempt that broke is told by its lines; one that ended is told by its verdict.
      return seen && !step.attemptsList.at(-1)?.error ? 'checkpoints' : step.attemptsList.length ? 'log' : 'plan';
    default:
      return 'plan';
  }
}

/** The step shown now: the chosen one, else the current one. */
export const shownStepId = (place: WizardPlace, currentStepId: string): string => place.stepId ?? currentStepId;

export const mayJump = (place: WizardPlace, currentStepId: string): boolean =>
  place.stepId !== null && place.stepId !== currentStepId;

export const isHumanKind = (step: Pick<StepRowDto, 'kind'>): boolean =>
  step.kind === 'sign-off' || step.kind === 'checklist';
