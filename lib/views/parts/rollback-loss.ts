import { lossCount, usersLetThrough } from '@/lib/cutover/loss';
import type { CutoverRows } from '@/lib/cutover/rows';
import { formatCount } from '@/lib/shared/format';
import { type HeldLoss, heldLossFact } from '@/lib/shared/held';

/** `read`: the newest reading before the press; `before`: the rows it found, null when nobody could count them. `held`: counted again
 *  by the rollback while users were held. `count`: what is known of the loss, `isLeast` where it may be more. */
export type RollbackLoss = {
  read: CutoverRows['plans'][number] | undefined;
  before: bigint | null;
  held: HeldLoss | null;
  count: bigint | null;
  isLeast: boolean;
};

/** What the newest runtime rollback lost; null where nobody pressed one here. One made from outside was not counted. */
export function rollbackLoss(rows: CutoverRows): RollbackLoss | null {
  const { steps } = rows.runbook.rollbacks.runtime;
  const first = steps[0]?.id;
  const pressed = rows.attempts.findLast(
    ({ stepId, verb, pressId }) => stepId === first && verb === 'run' && pressId?.startsWith('rollback:'),
  );
  if (!pressed) return null;
  const read = rows.plans.findLast(({ stepId, madeAt }) => stepId === first && madeAt <= pressed.queuedAt);
  const before = lossCount(read?.loss);
  const since = new Set(rows.attempts.filter(({ queuedAt }) => queuedAt >= pressed.queuedAt).map(({ id }) => id));
  const fact = rows.facts.find(
    ({ stepId, name, attemptId }) =>
      name === heldLossFact && since.has(attemptId) && steps.some(({ id }) => id === stepId),
  );
  const held = fact ? (fact.value as unknown as HeldLoss) : null;
  if (held) return { read, before, held, count: BigInt(held.rows), isLeast: !held.whole };
  // Users wrote on from the reading to the hold: what was found is no more than the least.
  return { read, before, held, count: before, isLeast: usersLetThrough(rows) };
}

/** "118", "at least 100", "not counted". None found before the press, and not counted since, is not none. */
export const lossWords = ({ count, isLeast }: RollbackLoss): string =>
  count === null || (isLeast && count === 0n) ? 'not counted' : `${isLeast ? 'at least ' : ''}${formatCount(count)}`;

type Figure = { value: string; loss: boolean };

/** The rows that a rollback left behind, as one figure; null where none was pressed here. Not counted is never none. */
export function lossFigure(rows: CutoverRows): Figure | null {
  const lost = rollbackLoss(rows);
  return lost && { value: lossWords(lost), loss: lost.count !== 0n || lost.isLeast };
}
