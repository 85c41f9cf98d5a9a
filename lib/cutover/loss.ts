import type { RowDiffSummary } from '@/lib/shared/evidence';
import type { CutoverRows, PlanHead } from './rows';

type SecondPersonRow = CutoverRows['secondPersons'][number];

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

/** Rows that a press would drop over all of its cutovers, and the oldest of their readings. `count` null: nobody could count them. */
export type LossSeen = { count: bigint | null; readAt: Date | null };

export function lossSeen(plans: (Pick<PlanHead, 'loss' | 'madeAt'> | null | undefined)[]): LossSeen {
  const reads = plans.flatMap((plan) => (plan ? [plan.madeAt.getTime()] : []));
  return {
    count: lossOfAll(plans.map((plan) => plan?.loss)),
    readAt: reads.length ? new Date(Math.min(...reads)) : null,
  };
}

/**
 * A confirmation is bound to the loss it saw: it holds for as many rows or fewer. For more it holds only as long as its reading
 * would do for a press, so that it does not lapse with each row that users write while two people act.
 */
export function standsBehind(rows: CutoverRows, second: SecondPersonRow, now: LossSeen): boolean {
  if (second.act !== 'rollback' || !usersLetThrough(rows)) return true;
  if (second.lossReadAt === null) return false;
  if (!lossIsOld(rows, second.lossReadAt) || second.loss === null) return true;
  return now.count !== null && now.count <= BigInt(second.loss);
}

/** Who stands behind this act, plan and loss besides the one who presses. */
export const secondPersonFor = (
  rows: CutoverRows,
  { act, planDigest, presser, loss }: { act: string; planDigest: string; presser: string; loss: LossSeen },
): SecondPersonRow | null =>
  confirmationsOf(rows, act, planDigest).findLast(
    (second) => second.by !== presser && standsBehind(rows, second, loss),
  ) ?? null;

/** All that were made for this plan, also those that hold no more. */
export const confirmationsOf = (rows: CutoverRows, act: string, planDigest: string | null): SecondPersonRow[] =>
  rows.secondPersons.filter((second) => second.act === act && second.planDigest === planDigest);
