import { CutoverError } from '@/lib/errors';
import { countWords } from '@/lib/shared/words';
import { confirmationsOf, lossIsOld, type LossSeen, standsBehind } from './loss';
import type { CutoverRows } from './rows';

const rowsWords = (count: bigint | null): string => (count === null ? 'nobody can count' : countWords(count, 'row'));

/** @throws CutoverError plan_changed */
export function refuseOldLoss(rows: CutoverRows, madeAt: Date | undefined): void {
  if (!madeAt || !lossIsOld(rows, madeAt)) return;
  throw new CutoverError({
    code: 'plan_changed',
    message: `The rows that would be lost were last read at ${madeAt.toISOString()}; users have been writing since.`,
    advice: 'Read them again on the card, then press; nothing was started.',
    retry: 'later',
  });
}

/** What a person had on their card when they confirmed is what they stand behind. @param seen decimal, or `unknown`
 *  @throws CutoverError plan_changed when more would be lost by now */
export function refuseUnseenLoss(seen: string | undefined, { count }: LossSeen): void {
  if (seen === undefined || seen === 'unknown' || (count !== null && count <= BigInt(seen))) return;
  throw new CutoverError({
    code: 'plan_changed',
    message: `Your card said ${countWords(BigInt(seen), 'row')}; by now it is ${rowsWords(count)}.`,
    advice: 'Read the new figure, then confirm that one; nothing was confirmed.',
    retry: 'now',
  });
}

/** Nobody stands behind the act, or only behind less than it drops by now. */
export function secondPersonMissing(
  rows: CutoverRows,
  wanted: { act: string; planDigest: string; presser: string; loss: LossSeen },
): CutoverError {
  const { act, planDigest, presser, loss } = wanted;
  const lapsed = confirmationsOf(rows, act, planDigest).findLast(
    (one) => one.by !== presser && !standsBehind(rows, one, loss),
  );
  if (lapsed)
    return new CutoverError({
      code: 'second_person_needed',
      message: `The second person stood behind ${lapsed.loss === null ? 'a loss' : countWords(BigInt(lapsed.loss), 'row')}${lapsed.lossReadAt ? `, read at ${lapsed.lossReadAt.toISOString()}` : ''}; by now it is ${rowsWords(loss.count)}.`,
      advice: 'Ask them to read the new figure and to confirm again, then press; nothing was started.',
      retry: 'later',
      facts: { confirmed: lapsed.loss, now: loss.count?.toString() ?? null },
    });
  return new CutoverError({
    code: 'second_person_needed',
    message:
      loss.count === null
        ? 'Nobody can count the rows that this rollback drops, so a second person must stand behind it.'
        : `This rollback drops what was written since the switch (${loss.count} rows found), so a second person must stand behind it.`,
    advice: 'Ask another person to confirm this plan on the cutover page, then press again.',
  });
}
