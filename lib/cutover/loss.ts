import type { RowDiffSummary } from '@/lib/shared/evidence';
import type { CutoverRows } from './rows';

/** Rows the act would drop; null when nobody could count them. */
export const lossCount = (loss: RowDiffSummary | null | undefined): bigint | null =>
  loss ? BigInt(loss.differing) + BigInt(loss.missing) + BigInt(loss.extra) : null;

/** Rows that an act on several cutovers would drop; null when those of one could not be counted. */
export const lossOfAll = (losses: (RowDiffSummary | null | undefined)[]): bigint | null =>
  losses.reduce<bigint | null>((sum, loss) => {
    const count = lossCount(loss);
    return sum === null || count === null ? null : sum + count;
  }, 0n);

/** A reading of the loss older than this says too little about now to be pressed on, milliseconds. */
const lossFreshMs = 60_000;

/** True from the moment users may have written to the target: without a way back, a rollback then drops their rows. */
export function usersLetThrough({ runbook, attempts }: CutoverRows): boolean {
  const thaws = runbook.phases.flatMap(({ steps }) => steps.filter(({ kind }) => kind === 'thaw').map(({ id }) => id));
  return attempts.some(({ stepId, verb, startedAt }) => verb === 'run' && startedAt !== null && thaws.includes(stepId));
}

/** Rows are still being written while the loss is read, so none found is no proof: once users were let through, and
 *  wherever the loss is not known to be none, a second person stands behind the act. */
export const needsSecondPerson = (
  rows: CutoverRows,
  act: 'rollback' | 'data-rollback',
  loss: RowDiffSummary | null | undefined,
): boolean => (act === 'rollback' && usersLetThrough(rows)) || lossCount(loss) !== 0n;

/** True when the loss was read too long ago to press a rollback on it. */
export const lossIsOld = (rows: CutoverRows, madeAt: Date): boolean =>
  usersLetThrough(rows) && rows.now.getTime() - madeAt.getTime() > lossFreshMs;

/** Who stands behind this act and plan besides the one who presses. */
export const secondPersonFor = (rows: CutoverRows, act: string, planDigest: string, presser: string) =>
  rows.secondPersons.findLast(
    (second) => second.act === act && second.planDigest === planDigest && second.by !== presser,
  ) ?? null;
