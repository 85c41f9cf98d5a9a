import type { RowDiffSummary } from '@/lib/shared/evidence';
import type { CutoverRows } from './rows';

/** Rows the act would drop; null when nobody could count them. */
export const lossCount = (loss: RowDiffSummary | null | undefined): bigint | null =>
  loss ? BigInt(loss.differing) + BigInt(loss.missing) + BigInt(loss.extra) : null;

/** A loss, or one that cannot be counted, takes a second person. */
export const needsSecondPerson = (loss: RowDiffSummary | null | undefined): boolean => lossCount(loss) !== 0n;

/** Who stands behind this act and plan besides the one who presses. */
export const secondPersonFor = (rows: CutoverRows, act: string, planDigest: string, presser: string) =>
  rows.secondPersons.findLast(
    (second) => second.act === act && second.planDigest === planDigest && second.by !== presser,
  ) ?? null;
