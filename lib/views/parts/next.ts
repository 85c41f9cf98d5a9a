import type { Elsewhere } from '@/db/queries/views/read-elsewhere';
import { isGreen } from '@/lib/cutover/derive-gate';
import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { CutoverRows } from '@/lib/cutover/rows';
import { abandonUnderWay } from '@/lib/cutover/take-back';
import type { PlanLine } from '@/lib/shared/evidence';
import type { ActDto, WizardDto } from '@/lib/views/dto';
import { inPlaceName } from '@/lib/views/words/in-place';
import {
  failedSentence,
  lastingSentence,
  lowerFirst,
  overrideSentence,
  type NextStep,
  readySentence,
  rejectedSentence,
  returnedSentence,
  runningSentence,
  type Sentence,
  rolesSentence,
  signOffSentence,
  sparingWords,
  switchSentence,
  waitingSentence,
} from '@/lib/views/words/next';
import type { Trouble } from '@/lib/views/words/trouble';
import { routes } from '@/lib/shared/routes';
import { titleInSentence } from '@/lib/views/words/step-title';
import { fractionOf } from '@/lib/shared/progress';
import { currentStep, isRejected, returnedFrom, walkedSteps } from './current-step';
import { endedSentence, restSentence } from './ended-sentence';
import { type Freeze, toPredicted } from './freeze';
import { lastingOf } from './lasting';

export type NextGiven = {
  rows: CutoverRows;
  steps: DerivedStep[];
  freeze: Freeze;
  /** Ways out of the whole cutover: the only move where a sequence stopped half way. */
  exits: ActDto[];
  /** Acts of a step as buttons, recommended first. */
  actsOf(step: DerivedStep): ActDto[];
  /** The others of a press that covers several profiles, and what runs for one of them. */
  elsewhere?: Elsewhere | null;
  /** Names of those who were asked to sign off. */
  asked?: string[];
  /** What the service's newest reading shows to be wrong. */
  trouble?: Trouble | null;
  /** Its worker does not answer. */
  stalled?: WizardDto['stalled'];
  /** Lines of a step's plan, when they are at hand. */
  planOf(step: DerivedStep): PlanLine[] | null;
};
type Next = WizardDto['next'];

const primary = ['run', 'retry', 'close', 'sign-off', 'tick', 'plan', 'confirm-outside'];
/** The press a step waits for, the same for whoever reads it: a plan that is there is not made again instead. */
function pressOf({ plan }: DerivedStep, acts: ActDto[]): ActDto | null {
  const presses = acts.filter(({ act }) => primary.includes(act) && !(act === 'plan' && plan));
  return presses.find(({ disabledReason }) => !disabledReason) ?? presses[0] ?? null;
}

const make = (
  sentence: Sentence & Pick<Next, 'until'>,
  act: ActDto | null,
  step: DerivedStep | null,
  fraction: number | null = null,
): Next => ({ ...sentence, after: sentence.after ?? null, act, stepId: step?.id ?? null, fraction, live: null });

/** The one sentence under the header with its one button; what is wrong with the service goes before it. */
export function toNext(given: NextGiven): Next {
  const { trouble, rows } = given;
  if (!trouble) return sentenceOf(given);
  const next = sparing(sentenceOf(given), given, trouble);
  const { glyph, lead, rest } = trouble;
  const href = routes.profile(rows.cutover.system, rows.cutover.sourceId);
  return { ...next, trouble: { glyph, lead, rest, href } };
}

/** While users may be failing, what writes to their service is not what the page leads with; a card judges that by itself. */
function sparing(next: Next, { steps, planOf }: NextGiven, { glyph }: Trouble): Next {
  const { act } = next;
  if (glyph !== 'failed' || !act || act.card || act.disabledReason) return next;
  const step = steps.find(({ id }) => id === act.stepId);
  const writes = step && planOf(step)?.some(({ on, effect }) => on === 'service' && effect === 'write');
  return writes ? { ...next, act: null, after: { lead: sparingWords, rest: '' } } : next;
}

function sentenceOf(given: NextGiven): Next {
  const { rows, steps } = given;
  const ended = endedSentence(rows, steps);
  if (ended) return make(ended, given.exits.find(({ act }) => act === 'confirm-outside') ?? null, null);
  const abandoning = abandonUnderWay(rows, steps);
  if (abandoning) return underAbandon(given, abandoning);
  const current = currentStep(rows, steps);
  if (!current) return make(restSentence(rows, steps), null, null);
  if (current.live && current.live.verb !== 'plan') return running(given, current);
  const other = given.elsewhere?.live;
  if (other) {
    const place = steps.find(({ id }) => id === other.stepId)?.place;
    const lead = `Now: ${place ? titleInSentence(place) : other.stepId} of ${other.sourceId}.`;
    return make(
      { lead, rest: 'Profiles behind one process go together; this one goes on by itself.', waiting: null },
      null,
      current,
    );
  }
  const broke = (current.status === 'failed' || current.status === 'unknown') && (current.attempt || current.signOff);
  if (broke) return failed(given, current);
  return ready(given, current);
}

const stalledWords = ({ lead, rest, until }: NonNullable<WizardDto['stalled']>) => ({
  lead,
  rest,
  ...(until ? { until } : {}),
});

/** Nothing is to press while what was put in place is taken back. */
function underAbandon({ stalled }: NextGiven, { step, words }: NonNullable<ReturnType<typeof abandonUnderWay>>): Next {
  const said = stalled?.stepId === step.id ? stalledWords(stalled) : { lead: words, rest: 'It goes on by itself.' };
  return make({ ...said, waiting: null }, null, step);
}

function running(given: NextGiven, now: DerivedStep): Next {
  const walked = walkedSteps(given.rows, given.steps);
  const after =
    walked
      .slice(walked.indexOf(now) + 1)
      .find(({ status, place }) => !isGreen(status) && !(place.sequence && place.index > 0)) ?? null;
  const progress = now.live?.progress ?? null;
  const sentence = runningSentence(titleInSentence(now.place), after ? nextOf(given, after) : null);
  const press = after ? pressOf(after, given.actsOf(after)) : null;
  const act = press ? { ...press, disabledReason: press.disabledReason ?? `${sentence.waiting}.` } : null;
  const { stalled } = given;
  if (stalled?.stepId === now.id)
    return make({ ...sentence, ...stalledWords(stalled), after: null }, act, now, fractionOf(progress));
  const live = now.live && progress ? { attemptId: now.live.id, progress } : null;
  return { ...make(sentence, act, now, fractionOf(progress)), live };
}

/** What leaves the walk has a place of its own; it is never the primary, not even while the plan of a retry is made. */
const neverPrimary: ReadonlySet<ActDto['act']> = new Set([
  'plan',
  'cancel',
  'abandon',
  'rollback',
  'data-rollback',
  'override',
  'confirm-second',
]);

function failed(given: NextGiven, step: DerivedStep): Next {
  const acts = given.actsOf(step);
  const title = titleInSentence(step.place);
  if (step.override && !step.override.confirmedBy) return make(overrideSentence(title), null, step);
  const lasting = lastingOf(given.rows, step);
  if (lasting) return make(lastingSentence(title, step, lasting, waysOn(acts, given.exits)), null, step);
  const moves = acts.filter(({ act }) => !neverPrimary.has(act));
  const press = moves.find(({ disabledReason }) => !disabledReason) ?? moves[0] ?? null;
  // A press whose plan could not be made waits for a person to have it made again.
  const isPlanned = step.plan !== null || step.planAttempt?.state === 'done';
  const plan = press?.disabledReason && !isPlanned && acts.find((one) => one.act === 'plan' && !one.disabledReason);
  const act = plan || press;
  const way = act ?? given.exits.find(({ disabledReason }) => !disabledReason) ?? null;
  return make(failedSentence(title, step, way?.label ?? null), act, step);
}

/** Past a step that no retry mends; who may take which is said by its button. */
function waysOn(acts: ActDto[], exits: ActDto[]): string[] {
  const exit = exits.find(({ act }) => act === 'rollback' || act === 'abandon');
  return [
    ...(acts.some(({ act }) => act === 'override') ? ['override with a second person'] : []),
    ...(exit ? [lowerFirst(exit.label.replace(/…$/, ''))] : []),
  ];
}

function ready(given: NextGiven, step: DerivedStep): Next {
  const { rows } = given;
  const act = pressOf(step, given.actsOf(step));
  // Who may not press reads the same name as who may.
  const title = nameOf(given, step);
  if (rows.cutover.state === 'rolled_back') return make(restSentence(rows, given.steps), null, step);
  if (isRejected(step) && step.gate.open) return make(rejectedSentence(step), act, step);
  if (step.signRoles.length > 0 && step.gate.open && step.status === 'waiting')
    return make(rolesSentence(step.signRoles), act, step);
  if (step.place.human === 'sign-off' && step.gate.open) {
    const asked = rows.attempts.findLast(({ endedAt }) => endedAt)?.endedAt ?? null;
    const sentence = signOffSentence(
      asked ? rows.now.getTime() - asked.getTime() : null,
      step.status === 'stale' ? step.reason : null,
      given.asked,
    );
    return make(sentence, act, step);
  }
  if (!step.gate.open) return make(waitingSentence(title, step.gate.reason ?? step.reason ?? ''), act, step);
  if (step.place.human === 'checklist')
    return make({ lead: `Next: ${title}.`, rest: step.reason ?? '', waiting: null }, act, step);
  if (step.live?.verb === 'plan') return make(waitingSentence(title, 'Its plan is being made.'), act, step);
  if (act?.disabledReason) return make(waitingSentence(title, act.disabledReason), act, step);
  if (act?.act === 'plan')
    return make({ lead: `Next: plan ${title}.`, rest: 'Reads only. Nothing is written.', waiting: null }, act, step);
  if (step.place.sequence && step.place.group === 'main') {
    const came = returnedFrom(given.steps, step);
    const name = inPlaceName(rows.runbook) ?? 'switch';
    const predicted = toPredicted(rows, given.freeze);
    return make(came ? returnedSentence(came, predicted, name) : switchSentence(predicted, name), act, step);
  }
  return make(readySentence(nextOf(given, step)), act, step);
}

/** A step of the press goes by the name of the press: nobody presses "freeze". */
const nameOf = ({ rows }: NextGiven, { place }: DerivedStep): string =>
  place.sequence && place.group === 'main'
    ? (inPlaceName(rows.runbook)?.toLowerCase() ?? 'switch')
    : titleInSentence(place);

const nextOf = (given: NextGiven, step: DerivedStep): NextStep => ({
  verb: step.place.human || step.place.sequence || step.place.step.title ? '' : 'run',
  title: nameOf(given, step),
  plannedMs: step.place.step.planned_seconds * 1000,
  lines: given.planOf(step),
});
