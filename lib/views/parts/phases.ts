import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import type { PhaseDto, StepRowDto } from '@/lib/views/dto';
import { stepTitle } from '@/lib/views/words/step-title';
import { tLabel } from '@/lib/views/words/times';

/** Attempts that did something: plans are preparation. */
const worked = (rows: CutoverRows, stepId: string): AttemptRow[] =>
  rows.attempts.filter((attempt) => attempt.stepId === stepId && attempt.verb !== 'plan');

export function toStepRow(rows: CutoverRows, step: DerivedStep): StepRowDto {
  const { attempt, place } = step;
  const { startedAt, endedAt } = attempt ?? { startedAt: null, endedAt: null };
  const running = step.status === 'running';
  return {
    id: step.id,
    kind: place.step.kind,
    title: stepTitle(place),
    status: step.status,
    reason: step.reason,
    attempts: worked(rows, step.id).filter(({ verb }) => verb === 'run').length,
    plannedMs: place.step.planned_seconds * 1000,
    actualMs: startedAt ? Math.max(0, (endedAt ?? rows.now).getTime() - startedAt.getTime()) : null,
    startedAt: startedAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
    running,
  };
}

/** Main phases in order, then the rollbacks. */
export function toPhases(rows: CutoverRows, steps: DerivedStep[]): PhaseDto[] {
  const { runbook, cutover } = rows;
  const phase = (
    id: string,
    title: string,
    seconds: number | null,
    sequence: boolean,
    group: PhaseDto['group'],
  ): PhaseDto => {
    const own = steps.filter(({ place }) => place.group === group && place.phaseId === id);
    const starts = own.flatMap((step) =>
      worked(rows, step.id).flatMap(({ startedAt }) => (startedAt ? [startedAt.getTime()] : [])),
    );
    return {
      id,
      title,
      tLabel: seconds === null ? '' : tLabel(seconds),
      sequence,
      group,
      plannedAt: new Date(cutover.t0.getTime() + (seconds ?? 0) * 1000).toISOString(),
      startedAt: starts.length ? new Date(Math.min(...starts)).toISOString() : null,
      steps: own.map((step) => toStepRow(rows, step)),
    };
  };
  const { runtime, data } = runbook.rollbacks;
  return [
    ...runbook.phases.map(({ id, title, at_seconds, sequence }) => phase(id, title, at_seconds, sequence, 'main')),
    ...(runtime.steps.length ? [phase('runtime-rollback', runtime.title, null, true, 'runtime-rollback')] : []),
    ...(data ? [phase('data-rollback', data.title, null, true, 'data-rollback')] : []),
  ];
}

/**
 * How late the walk is, negative when ahead: now, or when it was started, against the planned start of the first step
 * that is not done. Before the switch by T-0 as planned, after it by the switch itself, as the clock runs.
 */
export function lateMsOf(rows: CutoverRows, steps: DerivedStep[]): number {
  const { cutover, runbook, now } = rows;
  if (cutover.endedAt || cutover.state === 'rolled_back' || (cutover.state === 'planned' && now < cutover.t0)) return 0;
  const next = steps.find(
    ({ place, status }) => place.group === 'main' && status !== 'passed' && status !== 'overridden',
  );
  const phase = runbook.phases.find(({ id }) => id === next?.place.phaseId);
  if (!next || !phase) return 0;
  const before = phase.steps.slice(0, next.place.index).reduce((sum, step) => sum + step.planned_seconds, 0);
  const t0 = cutover.switchedAt ?? cutover.t0;
  const plannedMs = t0.getTime() + (phase.at_seconds + before) * 1000;
  const started = next.status === 'running' ? next.attempt?.startedAt : null;
  // A step that runs is not late, however late it was begun.
  return started ? Math.min(0, started.getTime() - plannedMs) : now.getTime() - plannedMs;
}
