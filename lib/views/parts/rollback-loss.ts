import { lossCount } from '@/lib/cutover/loss';
import type { CutoverRows } from '@/lib/cutover/rows';
import { formatCount } from '@/lib/shared/format';

/** What the newest runtime rollback was pressed on: the newest reading before it, and the rows that it found; null where nobody pressed
 *  one here. One made from outside was not counted. */
export function rollbackLoss(
  rows: CutoverRows,
): { read: CutoverRows['plans'][number] | undefined; count: bigint | null } | null {
  const first = rows.runbook.rollbacks.runtime.steps[0]?.id;
  const pressed = rows.attempts.findLast(
    ({ stepId, verb, pressId }) => stepId === first && verb === 'run' && pressId?.startsWith('rollback:'),
  );
  if (!pressed) return null;
  const read = rows.plans.findLast(({ stepId, madeAt }) => stepId === first && madeAt <= pressed.queuedAt);
  return { read, count: lossCount(read?.loss) };
}

type Figure = { value: string; loss: boolean };

/** The rows that a rollback left behind, as one figure; null where none was pressed here. Not counted is never none. */
export function lossFigure(rows: CutoverRows): Figure | null {
  const lost = rollbackLoss(rows);
  if (!lost) return null;
  return lost.count === null
    ? { value: 'not counted', loss: true }
    : { value: formatCount(lost.count), loss: lost.count > 0n };
}
