import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { CutoverRows } from '@/lib/cutover/rows';
import { targetHoldsWrites } from '@/lib/cutover/take-back';
import { inPlaceName } from '@/lib/views/words/in-place';
import { lostPlaceWords, notInSourceWords } from '@/lib/views/words/lost-place';
import type { Sentence } from '@/lib/views/words/next';
import { lostPlaceOf, restoredTarget } from './lost-place';
import { rollbackPress } from './rolled-back';

/** Nothing more to press in the runbook, but the cutover still holds its profile. */
export function restSentence(rows: CutoverRows, steps: DerivedStep[]): Sentence {
  const { cutover, runbook } = rows;
  if (cutover.state !== 'rolled_back') return { lead: 'All steps are done.', rest: '', waiting: null };
  const restored = rollbackPress(rows, steps, 'data-rollback') !== null;
  const frees = 'Abandon frees the profile for a new cutover';
  return {
    lead: `Rolled back to ${runbook.from}${restored ? ', the data restored' : ''}.`,
    rest: restored
      ? `${restoredTarget(rows, steps)} ${frees}.`
      : !runbook.rollbacks.data
        ? `${frees}.`
        : targetHoldsWrites(rows, steps)
          ? `Roll the data back first: it sets aside what users wrote to the target. ${frees} after that.`
          : `${frees}, or roll the data back first.`,
    waiting: null,
  };
}

/** Nobody presses anything in it any more, or before a person has confirmed what was done outside; null while it is walked. */
export function endedSentence(rows: CutoverRows, steps: DerivedStep[]): Sentence | null {
  const { cutover, runbook } = rows;
  if (cutover.outsideActAt)
    return {
      lead: 'Rolled back outside the console.',
      rest: `With the flight card, ${cutover.outsideActAt.toISOString()}. Nothing starts until a person confirms it.`,
      waiting: null,
    };
  if (cutover.state === 'closed')
    return { lead: 'Closed.', rest: `${cutover.sourceId} is on ${runbook.to}.`, waiting: null };
  if (cutover.state === 'abandoned')
    return {
      lead: 'Abandoned.',
      rest: `${abandonedWords(rows, steps)} The evidence is kept.`,
      waiting: null,
    };
  return null;
}

function abandonedWords(rows: CutoverRows, steps: DerivedStep[]): string {
  const { cutover, runbook } = rows;
  const lost = lostPlaceOf(rows, steps);
  if (!cutover.rolledBackAt) return `${cutover.sourceId} stays on ${runbook.from}.`;
  const back = `It was rolled back: ${cutover.sourceId} is on ${inPlaceName(runbook) ? 'the schema from before' : runbook.from} again.`;
  if (!lost) return back;
  return inPlaceName(runbook)
    ? `${back} What the rollback took out is in ${lostPlaceWords(lost)}.`
    : `${back} ${notInSourceWords(lost, runbook.from)}`;
}
