import { readPlanLines } from '@/db/queries/views/read-step-evidence';
import type { CutoverLine } from '@/db/queries/views/list-cutovers';
import type { SessionContext } from '@/lib/auth/actor';
import { deriveSteps } from '@/lib/cutover/derive-steps';
import { loadCutover } from '@/lib/cutover/load-cutover';
import { formatDuration } from '@/lib/shared/format';
import type { PlanLine } from '@/lib/shared/evidence';
import type { CutoverRowDto, FleetRowDto } from '@/lib/views/dto';
import { toActDto } from '@/lib/views/words/acts';
import { currentStep, sequenceUnderWay } from './current-step';
import { freezeOf, predictedMs } from './freeze';
import { toNext } from './next';

export type Headline = {
  glyph: FleetRowDto['status']['glyph'];
  headline: string;
  detail: string;
  fraction: number | null;
  switching: boolean /** Lower comes first. */;
  urgency: number;
};

const glyphs: Partial<Record<string, Headline['glyph']>> = {
  running: 'running',
  failed: 'failed',
  unknown: 'unknown',
  waiting: 'waiting',
  stale: 'waiting',
  passed: 'passed',
  overridden: 'passed',
};

/** Where an open cutover stands, for lists: "Load, 79 %" and the sentence of its page. */
export async function headlineOf({ db, actor }: SessionContext, cutoverId: string): Promise<Headline> {
  const rows = await loadCutover(db, cutoverId);
  const steps = deriveSteps(rows);
  const current = currentStep(rows, steps);
  const lines = new Map<string, PlanLine[]>();
  if (current?.plan) {
    const plan = await readPlanLines(db, cutoverId, current.plan.attemptId);
    if (plan) lines.set(current.id, plan.lines);
  }
  const next = toNext({
    rows,
    steps,
    exits: [],
    predictedMs: predictedMs(freezeOf(rows, steps, null)),
    actsOf: (step) => step.acts.map((act) => toActDto(act, { rows, actor, step })),
    planOf: (step) => lines.get(step.id) ?? null,
  });
  const group = current?.place.group;
  const phase =
    group === 'main'
      ? rows.runbook.phases.find(({ id }) => id === current?.place.phaseId)?.title
      : group
        ? group === 'runtime-rollback'
          ? 'Rollback'
          : 'Data rollback'
        : rows.cutover.state === 'rolled_back'
          ? 'Rolled back'
          : 'Done';
  const glyph = rows.cutover.state === 'rolled_back' ? 'waiting' : (glyphs[current?.status ?? 'passed'] ?? 'ready');
  const percent = next.fraction === null ? '' : `, ${Math.floor(next.fraction * 100)} %`;
  return {
    glyph,
    headline: `${rows.cutover.outsideActAt ? 'Rolled back outside' : (phase ?? '')}${percent}`,
    detail: `${next.lead} ${next.rest}`.trim(),
    fraction: next.fraction,
    switching: sequenceUnderWay(steps) !== null,
    urgency: rows.cutover.outsideActAt || glyph === 'failed' || glyph === 'unknown' ? 0 : glyph === 'running' ? 3 : 2,
  };
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export const toCutoverRow = (line: CutoverLine, headline: string): CutoverRowDto => ({
  id: line.id,
  system: line.system,
  sourceId: line.sourceId,
  kind: line.kind,
  state: line.state,
  runbook: line.runbook,
  t0: line.t0.toISOString(),
  openedBy: line.openedBy,
  headline,
  createdAt: line.createdAt.toISOString(),
  endedAt: iso(line.endedAt),
  frozenMs: line.frozenMs,
});

/** What an ended cutover came to. */
export function endedWords({
  state,
  frozenMs,
  rolledBackAt,
}: Pick<CutoverLine, 'state' | 'frozenMs' | 'rolledBackAt'>): string {
  const frozen = frozenMs === null ? '' : `, users were held ${formatDuration(frozenMs)}`;
  if (state === 'closed') return `Closed${frozen}.`;
  return rolledBackAt ? 'Rolled back, then abandoned.' : 'Abandoned before T-0.';
}
