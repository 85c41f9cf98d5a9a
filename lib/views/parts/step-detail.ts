import { readCheckpoints, readFindings, readPlanLines, readTail } from '@/db/queries/views/read-step-evidence';
import type { Reader } from '@/db/tx';
import { repairIdOf } from '@/lib/fleet/repair-step';
import { checklistItems } from '@/lib/cutover/derive-human';
import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import type { Evidence } from '@/lib/shared/evidence';
import type { ActDto, AttemptDto, StepDetailDto } from '@/lib/views/dto';
import { toAttemptDto } from './attempt';
import { toFinding } from './findings';
import { toStepRow } from './phases';
import { rehearsalLinks } from './rehearsal-links';
import { signOffRoles } from './sign-off-roles';

type Names = ReadonlyMap<string, string>;
export type DetailGiven = {
  db: Reader;
  rows: CutoverRows;
  steps: DerivedStep[];
  step: DerivedStep;
  people: Names;
  workers: Names;
  moves: ActDto[];
};
const tailLines = 5;

/** The middle of the wizard: one step with its plan, attempts, evidence and decisions. */
export async function toStepDetail(given: DetailGiven): Promise<StepDetailDto> {
  const { db, rows, steps, step, people } = given;
  const { cutover } = rows;
  const own = rows.attempts.filter(({ stepId }) => stepId === step.id || stepId === repairIdOf(step.id));
  const worked = own.filter(({ verb }) => verb !== 'plan');
  const main = steps.filter(({ place }) => place.group === step.place.group);
  const checkpoints = await readCheckpoints(db, cutover.id, [step.id]);
  const findings = await readFindings(db, cutover.id, step.id);
  const newest = step.attempt?.id ?? null;
  return {
    ...toStepRow(rows, step),
    why: step.place.step.why ?? '',
    index: main.indexOf(step) + 1,
    of: main.length,
    human: step.place.human,
    plan: await planDto(db, cutover.id, step),
    planAttempt: step.planAttempt ? await withTail(given, step.planAttempt) : null,
    attemptsList: await Promise.all(worked.map((attempt) => withTail(given, attempt, attempt.id === newest))),
    checkpoints: checkpoints.map((row) => ({
      id: row.id,
      key: row.key,
      claim: row.claim,
      verdict: row.verdict,
      evidence: row.evidence as unknown as Evidence,
      at: row.at.toISOString(),
      digest: row.digest,
      stale: step.status === 'stale' || row.attemptId !== newest,
    })),
    findings: findings.map((row) => toFinding(row, people)),
    moves: given.moves,
    links: rehearsalLinks(rows, step),
    checklist: checklistDto(rows, step, people),
    signOff: signOffDto(step, people),
    signRoles: signOffRoles(rows, step, null, people),
    override: step.override
      ? {
          by: people.get(step.override.by) ?? '',
          reason: step.override.reason,
          at: step.override.at.toISOString(),
          confirmedBy: step.override.confirmedBy ? (people.get(step.override.confirmedBy) ?? '') : null,
        }
      : null,
  };
}

async function planDto(db: Reader, cutoverId: string, { plan }: DerivedStep): Promise<StepDetailDto['plan']> {
  const found = plan ? await readPlanLines(db, cutoverId, plan.attemptId) : null;
  return found
    ? { digest: found.digest, madeAt: found.madeAt.toISOString(), lines: found.lines, loss: found.loss }
    : null;
}

async function withTail(
  { db, people, workers, rows, step }: DetailGiven,
  attempt: AttemptRow,
  wanted = true,
): Promise<AttemptDto> {
  const broke = attempt.state === 'failed' || step.status === 'failed' || step.status === 'unknown';
  const tail = wanted && broke && attempt.endedAt ? await readTail(db, attempt.id, tailLines) : [];
  return toAttemptDto(attempt, people, workers, tail, rows.facts);
}

export function checklistDto(rows: CutoverRows, step: DerivedStep, people: Names): StepDetailDto['checklist'] {
  if (step.place.human !== 'checklist') return [];
  return checklistItems(step.place).map(({ id, text, evidence }) => {
    const tick = rows.ticks.find(({ stepId, itemId }) => stepId === step.id && itemId === id);
    return {
      id,
      text,
      evidenceStep: evidence ?? null,
      tick: tick ? { by: people.get(tick.by) ?? '', at: tick.at.toISOString(), note: tick.note } : null,
    };
  });
}

export function signOffDto(step: DerivedStep, people: Names): StepDetailDto['signOff'] {
  const { signOff, status } = step;
  // Of several roles the newest decision is none of the whole.
  if (!signOff || (step.signRoles.length > 0 && status !== 'passed')) return null;
  return {
    decision: signOff.decision,
    by: people.get(signOff.by) ?? '',
    at: signOff.at.toISOString(),
    reason: signOff.reason,
    reference: signOff.approvalReference,
    stale: staleWords(step),
  };
}

/** What has changed since the decision; the reason of a rejection is said by itself. */
function staleWords({ status, reason, because }: DerivedStep): string | null {
  if (status === 'stale') return reason;
  if (because?.why !== 'rejected' || because.as || because.changed.length === 0) return null;
  return `changed since: ${because.changed.join(', ')}.`;
}
