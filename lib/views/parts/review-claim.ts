import { isGreen } from '@/lib/cutover/derive-gate';
import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { CutoverRows } from '@/lib/cutover/rows';
import type { RowDiffSummary } from '@/lib/shared/evidence';
import { capital, countWords } from '@/lib/shared/words';
import type { ReviewsDto } from '@/lib/views/dto';
import { pressWords } from '@/lib/views/words/in-place';
import { holdingWords, overridesOn } from '@/lib/views/words/overrides';
import { diffClaim } from '@/lib/views/words/review';
import { checklistDto } from './step-detail';

type Selected = NonNullable<ReviewsDto['selected']>;
type Claim = Pick<Selected, 'claim' | 'claimStatus' | 'sub' | 'overrides'>;
type Given = {
  rows: CutoverRows;
  covered: DerivedStep[];
  people: ReadonlyMap<string, string>;
  checkpoints: Selected['checkpoints'];
  ticked: Selected['ticked'];
  rules: number;
};

/** Whether a signature lets the switch begin or lets the window end. */
export const aboutOf = ({ place }: DerivedStep): Selected['about'] =>
  place.step.params.covers === 'close' ? 'close' : 'switch';

/** What the window itself has shown; where nothing is switched, every step. */
const sinceSwitch = (covered: DerivedStep[]): DerivedStep[] => covered.filter(({ place }) => !place.untilSwitch);

export const lastDiff = (checkpoints: Selected['checkpoints']): RowDiffSummary | null =>
  checkpoints.map(({ evidence }) => evidence.rowDiff).findLast((diff) => diff !== undefined) ?? null;

/** For a close, what was checked last since the switch comes first; before it, the order of the walk. */
export function inReadingOrder(
  about: Selected['about'],
  covered: DerivedStep[],
  checkpoints: Selected['checkpoints'],
): Selected['checkpoints'] {
  if (about === 'switch') return checkpoints;
  const late = sinceSwitch(covered).map(({ id }) => id);
  const of = (stepId: string) => checkpoints.filter((one) => one.stepId === stepId);
  return [...late.toReversed().flatMap(of), ...checkpoints.filter(({ stepId }) => !late.includes(stepId))];
}

/** Items of the covered checklists that a person ticked, with what they wrote. */
export const tickedOf = (
  rows: CutoverRows,
  covered: DerivedStep[],
  people: ReadonlyMap<string, string>,
): Selected['ticked'] =>
  covered.flatMap((step) =>
    checklistDto(rows, step, people).flatMap(({ text, tick }) => (tick ? [{ text, ...tick }] : [])),
  );

/** The headline of a review: what a signature would say. */
export const claimOf = (about: Selected['about'], given: Given): Claim =>
  about === 'close' ? closeClaim(given) : switchClaim(given);

const sentences = (parts: string[]): string => parts.filter(Boolean).join(' ');

function statusOf(covered: DerivedStep[]): Selected['claimStatus'] {
  const bad = covered.find(({ status }) => !isGreen(status));
  return bad?.status ?? (covered.some(({ status }) => status === 'overridden') ? 'overridden' : 'passed');
}

function switchClaim({ covered, people, checkpoints, rules }: Given): Claim {
  const diff = lastDiff(checkpoints);
  const held = holdingWords(covered);
  return {
    claim: diff ? diffClaim(diff) : held,
    claimStatus: statusOf(covered),
    overrides: overridesOn(covered, people),
    sub: sentences([
      diff ? `Holds at ${diff.holdsAt}.` : '',
      `${held}.`,
      rules ? `${countWords(rules, 'rule')} applied to both sides.` : '',
    ]),
  };
}

/** Not the row diff: it held under the freeze, and users have written since. */
function closeClaim({ rows, covered, people, checkpoints, ticked }: Given): Claim {
  const since = sinceSwitch(covered);
  const { switchedAt } = rows.cutover;
  const { noun, done } = pressWords(rows.runbook);
  const scans = since.filter(({ place }) => place.step.kind === 'log-scan').map(({ id }) => id);
  const scanned = checkpoints.filter(({ stepId }) => scans.includes(stepId));
  return {
    claim: holdingWords(since, switchedAt ? `since the ${noun} ` : ''),
    claimStatus: statusOf(covered),
    overrides: overridesOn(covered, people),
    sub: sentences([
      switchedAt ? `${capital(done)} ${switchedAt.toISOString()}.` : '',
      ...scanned.map(({ claim, verdict }) => `Log scan ${verdict}: ${claim}.`),
      ticked.length ? `${countWords(ticked.length, 'item')} ticked by hand.` : '',
    ]),
  };
}

/** What makes the signature stale, and what becomes of rows written later. */
export function coversNoteOf(about: Selected['about'], { runbook }: CutoverRows): string {
  if (about === 'close')
    return 'A new plan, another override or a changed tick makes it stale. Rows that users write now do not, and they are compared with nothing.';
  const again = runbook.phases.some(({ sequence, steps }) => sequence && steps.some(({ kind }) => kind === 'row-diff'));
  return `A new plan, another rule, a changed schema or another row diff makes it stale.${again ? ' Rows written later are compared again under the freeze.' : ''}`;
}
