import type { Runbook, RunbookStep } from './runbook-schema';

/** A step that touches neither the profile's source nor its target nor its running service. */
const isAlone = ({ kind, params }: RunbookStep): boolean => kind === 'smoke' && params.target === 'scratch';

/** The first step that acts on the profile itself; null: the runbook stands on its own and needs no cutover. */
export const firstTouching = (runbook: Runbook): RunbookStep | null =>
  runbook.phases.flatMap(({ steps }) => steps).find((step) => !isAlone(step)) ?? null;

export const standsAlone = (runbook: Runbook): boolean => firstTouching(runbook) === null;
