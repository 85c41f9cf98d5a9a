import type { StepStatus } from '@/lib/shared/statuses';
import type { PhaseDto, StepRowDto } from '@/lib/views/dto';
import { isHumanKind } from './wizard-url';

/** Milliseconds the whole bar field stands for: the longest planned machine step, or up to twice that if one took longer. */
export function railScaleMs(phases: readonly PhaseDto[]): number {
  const machine = phases
    .filter((phase) => phase.group === 'main')
    .flatMap((phase) => phase.steps)
    .filter((step) => !isHumanKind(step));
  const planned = Math.max(1000, ...machine.map((step) => step.plannedMs));
  const actual = Math.max(0, ...machine.map((step) => step.actualMs ?? 0));
  return Math.max(planned, Math.min(actual, 2 * planned)) * 1.25;
}

/** What the bar of a step says: how long it took or has taken so far. */
export const actualMsNow = (step: StepRowDto, nowMs: number): number | null =>
  step.running && step.startedAt ? Math.max(0, nowMs - Date.parse(step.startedAt)) : step.actualMs;

export type RailTone = 'moving' | 'done' | 'failed' | 'late';
export function railTone(step: StepRowDto, actualMs: number | null): RailTone {
  if (step.running) return actualMs !== null && step.plannedMs > 0 && actualMs > 2 * step.plannedMs ? 'late' : 'moving';
  return step.status === 'failed' ? 'failed' : 'done';
}

const untouched = (phase: PhaseDto): boolean =>
  phase.steps.every(
    (step) => step.attempts === 0 && !step.running && (step.status === 'locked' || phase.group !== 'main'),
  );

const opened = 2;

/** Phases drawn as one row: those far ahead, and rollbacks that nobody started. A phase with a chosen step is open. */
export function foldedPhases(phases: readonly PhaseDto[], currentStepId: string, shownStepId: string): Set<string> {
  const main = phases.filter((phase) => phase.group === 'main');
  const current = main.findIndex((phase) => phase.steps.some((step) => step.id === currentStepId));
  const folded = new Set<string>();
  for (const phase of phases) {
    const far = phase.group !== 'main' || main.indexOf(phase) > current + opened;
    const holds = phase.steps.some((step) => step.id === shownStepId || step.id === currentStepId);
    if (far && !holds && untouched(phase)) folded.add(phase.id);
  }
  return folded;
}

/** "18 steps": the walk itself; a rollback counts only for itself. */
export const stepCount = (phases: readonly PhaseDto[]): number =>
  phases.reduce((sum, phase) => sum + (phase.group === 'main' ? phase.steps.length : 0), 0);

/** The word a reader hears behind the step's name. */
export const statusWord = (step: Pick<StepRowDto, 'status' | 'running'>): StepStatus =>
  step.running ? 'running' : step.status;
