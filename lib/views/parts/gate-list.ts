import type { Because } from '@/lib/cutover/because';
import { isGreen } from '@/lib/cutover/derive-gate';
import type { DerivedStep } from '@/lib/cutover/derive-steps';
import { remindAgainAt, waitsForReview } from '@/lib/cutover/reminder';
import type { CheckpointHead, CutoverRows } from '@/lib/cutover/rows';
import { mayAct } from '@/lib/cutover/who-may';
import { routes } from '@/lib/shared/routes';
import type { Role } from '@/lib/shared/statuses';
import type { WizardDto } from '@/lib/views/dto';
import { pressWords } from '@/lib/views/words/in-place';
import { whoseWords } from '@/lib/views/words/next';
import { stepTitle, titleInSentence } from '@/lib/views/words/step-title';
import { isRejected } from './current-step';
import { askedAt } from './review-items';

type Gate = WizardDto['gate'];

/** What must hold before the next press that cannot be taken back: the switch, later the close. */
export function toGate(
  rows: CutoverRows,
  steps: DerivedStep[],
  summaries: ReadonlyMap<string, string>,
  asked: string[] = [],
  roles: readonly Role[] = [],
): Gate {
  const main = steps.filter(({ place }) => place.group === 'main');
  const toClose =
    rows.cutover.state === 'switched' || rows.cutover.state === 'closed' || !main.some(({ place }) => place.sequence);
  const goal = main.find(({ place }) => (toClose ? place.step.kind === 'close' : place.sequence));
  const before = toClose
    ? main.filter(({ place }) => !place.untilSwitch && place.step.kind !== 'close')
    : main.filter(({ place }) => place.untilSwitch && !place.sequence);
  const items = before.map((step) => toItem(rows, step, summaries));
  // A cutover that has ended waits for nobody.
  const isOver = rows.cutover.state === 'closed' || rows.cutover.state === 'abandoned';
  const waiting = isOver
    ? undefined
    : (before.find(({ status }) => status === 'waiting') ?? before.find(({ status }) => !isGreen(status)));
  const review = isOver
    ? null
    : (before.find((step) => step.place.human === 'sign-off' && waitsForReview(step)) ?? null);
  return {
    title: `Gate to ${goal?.place.step.kind === 'close' ? 'close' : pressWords(rows.runbook).noun}`,
    held: before.filter(({ status }) => status === 'passed').length,
    overridden: before.filter(({ status }) => status === 'overridden').length,
    of: before.length,
    items,
    waitingFor: waiting ? waitingWords(waiting, asked) : null,
    waitingSince: review && review === waiting ? (askedAt(rows, review)?.toISOString() ?? null) : null,
    reviewLink: review && routes.reviews(rows.cutover.id, review.id),
    remind: review && toRemind(rows, review, roles),
  };
}

const waitingWords = (step: DerivedStep, asked: string[]): string =>
  step.place.human === 'sign-off'
    ? `Waiting for ${whoseWords(asked)} sign-off`
    : `Waiting for ${titleInSentence(step.place)}`;

const toRemind = (rows: CutoverRows, step: DerivedStep, roles: readonly Role[]): Gate['remind'] => ({
  stepId: step.id,
  disabledReason: mayAct('remind', { roles }) ? null : 'Takes the role operator or admin.',
  againAt: remindAgainAt(rows)?.toISOString() ?? null,
});

function toItem(rows: CutoverRows, step: DerivedStep, summaries: ReadonlyMap<string, string>): Gate['items'][number] {
  const own = rows.checkpoints.filter(({ attemptId }) => attemptId === step.attempt?.id);
  const shown = step.status === 'locked' ? null : checkpointShown(own);
  const title = step.place.human === 'sign-off' ? 'Reviewer signs off' : stepTitle(step.place);
  const item = { stepId: step.id, status: step.status };
  // Let through without a verdict: none of its checkpoints speaks for it.
  if (step.status === 'overridden') return { ...item, claim: title, detail: step.reason ?? '' };
  // One of many claims would stand for all of them; the step's name and their number say more.
  if (isGreen(step.status) && own.length > 1)
    return { ...item, claim: title, detail: `${own.length} of ${own.length} checkpoints hold` };
  if (isGreen(step.status))
    return { ...item, claim: shown?.claim ?? title, detail: shown ? (summaries.get(shown.id) ?? '') : '' };
  if (step.place.human === 'checklist') return { ...item, claim: title, detail: step.reason ?? '' };
  // The step itself says why; here it is one line among others.
  if (step.because && 'message' in step.because)
    return { ...item, claim: shown?.claim ?? title, detail: brokeWords[step.because.why] };
  if (step.signRoles.length && step.status === 'waiting' && !isRejected(step)) {
    const signed = step.signRoles.filter(({ stands }) => stands === 'signed').length;
    return { ...item, claim: title, detail: `${signed} of ${step.signRoles.length} signed` };
  }
  if (shown && step.reason?.endsWith(`: ${shown.claim}`))
    return {
      ...item,
      claim: shown.claim,
      detail: shown.verdict === 'failed' ? 'Does not hold.' : 'Could not be judged.',
    };
  return { ...item, claim: shown?.claim ?? title, detail: step.status === 'locked' ? '' : (step.reason ?? '') };
}

const brokeWords: Record<Extract<Because, { message: string }>['why'], string> = {
  failed: 'Failed.',
  returned: 'Failed, then taken back.',
  'undo-failed': 'Taking it back failed.',
};

/** What speaks for the step: the first claim that is not shown, else its first. */
const checkpointShown = (heads: CheckpointHead[]): CheckpointHead | null =>
  heads.find(({ verdict }) => verdict === 'failed') ??
  heads.find(({ verdict }) => verdict === 'unknown') ??
  heads[0] ??
  null;
