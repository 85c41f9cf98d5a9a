import { listOpenCutovers } from '@/db/queries/views/list-cutovers';
import { listDecisions } from '@/db/queries/views/read-look';
import type { SessionContext } from '@/lib/auth/actor';
import { deriveSteps, type DerivedStep } from '@/lib/cutover/derive-steps';
import { loadCutover } from '@/lib/cutover/load-cutover';
import type { CutoverRows } from '@/lib/cutover/rows';
import { runbookFile } from '@/lib/fleet/runbook-schema';
import type { ReviewItemDto } from '@/lib/views/dto';
import { stepTitle } from '@/lib/views/words/step-title';

const doneShown = 50;
export const reviewSteps = (steps: DerivedStep[]): DerivedStep[] =>
  steps.filter(({ place }) => place.human === 'sign-off');

export const operated = (rows: CutoverRows, personId: string): boolean =>
  rows.attempts.some(({ requestedBy }) => requestedBy === personId);

/** The last thing that was checked before the reviewer's turn. */
export const askedAt = (rows: CutoverRows, step: DerivedStep): Date | null =>
  rows.attempts.findLast(({ stepId, endedAt, verb }) => endedAt && verb !== 'plan' && step.place.needs.includes(stepId))
    ?.endedAt ?? null;

export const waitsForReview = (step: DerivedStep): boolean =>
  step.gate.open && (step.status === 'waiting' || step.status === 'stale');

/** What waits for a reviewer, and what was decided. Reads every open cutover. */
export async function reviewItems({ db, actor }: SessionContext): Promise<ReviewItemDto[]> {
  const waiting: ReviewItemDto[] = [];
  for (const line of await listOpenCutovers(db)) {
    const rows = await loadCutover(db, line.id);
    for (const step of reviewSteps(deriveSteps(rows)).filter(waitsForReview)) {
      waiting.push({
        ...itemBase(rows.cutover, step.id, stepTitle(step.place), step.place.step.params.covers === 'close'),
        waitingSince: askedAt(rows, step)?.toISOString() ?? null,
        mine: actor.roles.includes('reviewer') && !operated(rows, actor.id),
        done: null,
        doneBy: null,
        doneAt: null,
      });
    }
  }
  const done = (await listDecisions(db, doneShown)).map((row): ReviewItemDto => {
    const found = runbookFile
      .safeParse(row.runbook)
      .data?.phases.flatMap(({ steps }) => steps)
      .find(({ id }) => id === row.stepId);
    const title = found ? stepTitle({ step: found }) : row.stepId;
    return {
      ...itemBase({ ...row, id: row.cutoverId }, row.stepId, title, found?.params.covers === 'close'),
      waitingSince: null,
      mine: row.byId === actor.id,
      done: row.decision,
      doneBy: row.by,
      doneAt: row.at.toISOString(),
    };
  });
  return [...waiting.sort((a, b) => a.t0.localeCompare(b.t0)), ...done];
}

const itemBase = (
  cutover: { id: string; system: string; sourceId: string; t0: Date },
  stepId: string,
  gate: string,
  close: boolean,
) => ({
  cutoverId: cutover.id,
  stepId,
  system: cutover.system,
  sourceId: cutover.sourceId,
  gate,
  t0: cutover.t0.toISOString(),
  blocks: close ? 'blocks the close' : 'blocks the switch',
});
