import type { Runbook, RunbookStep } from './runbook-schema';

/** The runbook of a cutover of some surfaces: without the steps and checks that hold for all of them or for another one. */
export function narrowRunbook(runbook: Runbook, surfaces: readonly string[]): Runbook {
  const away = new Set(runbook.phases.flatMap(({ steps }) => steps.filter(({ whole }) => whole).map(({ id }) => id)));
  const kept = (steps: RunbookStep[]): RunbookStep[] =>
    steps
      .filter(({ id }) => !away.has(id))
      .map((step) => ({ ...step, needs: step.needs.filter((id) => !away.has(id)) }));
  return {
    ...runbook,
    surfaces: [...surfaces],
    phases: runbook.phases
      .map((phase) => ({ ...phase, steps: kept(phase.steps) }))
      .filter(({ steps }) => steps.length > 0),
    flows: Object.fromEntries(
      Object.entries(runbook.flows).map(([name, flow]) => [
        name,
        { ...flow, checks: flow.checks.filter(({ surface }) => !surface || surfaces.includes(surface)) },
      ]),
    ),
  };
}
