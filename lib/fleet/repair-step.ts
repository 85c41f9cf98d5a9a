import type { RunbookStep } from './runbook-schema';

/** No id of a runbook holds a dot, so none can be taken for it. */
export const repairIdOf = (stepId: string): string => `${stepId}.repair`;

/** The repair that a row diff of the runbook offers when rows differ; null where the runbook does not offer it. */
export function repairStepOf(step: RunbookStep): RunbookStep | null {
  if (step.kind !== 'row-diff' || !step.on_failure.includes('repair')) return null;
  return {
    id: repairIdOf(step.id),
    kind: 'repair',
    title: 'Repair the rows that differ',
    why: 'Makes the target follow the compared copy in exactly the rows that the row diff found.',
    planned_seconds: step.planned_seconds,
    limit_seconds: step.limit_seconds,
    needs: step.needs,
    on_failure: ['retry'],
    params: { from: step.params.from, listed: true },
  };
}
