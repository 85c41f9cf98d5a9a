import type { DerivedAct } from '@/lib/cutover/derive-acts';
import { isGreen } from '@/lib/cutover/derive-gate';
import { type DerivedStep, lastPressed } from '@/lib/cutover/derive-steps';
import type { CutoverRows } from '@/lib/cutover/rows';
import { type PersonRefusal, refusePerson, stepsRunBy } from '@/lib/cutover/who-may';
import type { Actor } from '@/lib/auth/actor';
import type { ActDto } from '@/lib/views/dto';
import { countWords, listWords } from '@/lib/shared/words';
import { inPlaceName, pressWords } from './in-place';
import { titleInSentence } from './step-title';

/** A step of a sequence that is not where its press starts: it is pressed alone only after it broke. */
export const isLater = ({ place }: DerivedStep): boolean =>
  place.sequence && (place.index > 0 || place.group !== 'main');

/** `lasting`: what the step says of findings that no retry takes away. */
type About = { rows: CutoverRows; actor: Actor; step: DerivedStep; lasting?: string | null };

/** "You ran import, so you cannot sign."; null when the work is not theirs. */
export function ownWorkWords(rows: CutoverRows, steps: DerivedStep[], actorId: string, others: number): string | null {
  const ids = stepsRunBy(rows, actorId);
  const own = steps.filter(({ id }) => ids.includes(id)).map(({ place }) => titleInSentence(place));
  if (own.length === 0) return null;
  const named = own.length > 2 ? `${own[0]} and ${own.length - 1} more steps` : listWords(own);
  return `You ran ${named}, so you cannot sign. ${othersWords(others)}`;
}

function othersWords(others: number): string {
  if (others === 0) return 'Nobody else can yet: an admin adds a reviewer.';
  return others === 1 ? 'One other can.' : `${numberWord(others)} others can.`;
}

const numberWord = (count: number): string =>
  ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'][count] ?? String(count);

/** Why a press is not this person's, as its button says it. */
export function personWords(refused: PersonRefusal | null, actor: Actor): string | null {
  if (!refused) return null;
  if (refused.why === 'role') return `Takes the role ${refused.roles.join(' or ')}; you are ${listWords(actor.roles)}.`;
  return refused.why === 'signed'
    ? 'You signed this cutover, so you cannot run its steps.'
    : 'You ran steps of this cutover, so you cannot sign.';
}

/** One act as a button: what it says, what follows, and why it cannot be pressed. */
export function toActDto(act: DerivedAct, about: About): ActDto {
  const { step } = about;
  const card = act.danger && act.act !== 'confirm-override' && act.act !== 'confirm-outside';
  return {
    act: nameOf(act.act, step),
    label: labelOf(act, about, card),
    consequence: consequenceOf(act, about),
    disabledReason: disabledReason(act, about),
    card,
    ...(act.refused?.code === 'plan_missing' && (act.act === 'rollback' || act.act === 'data-rollback')
      ? { opensClosed: true as const }
      : {}),
    danger: act.danger && act.act !== 'run' && act.act !== 'retry',
    stepId: act.stepId ?? step.id,
    planDigest: act.planDigest,
    seenAttempt: lastPressed(about.rows, act.stepId ?? step.id)?.id ?? null,
  };
}

/** What the page calls the act: the press of the last step is a close. */
function nameOf(act: DerivedAct['act'], { place }: DerivedStep): ActDto['act'] {
  if (act === 'confirm-override') return 'confirm-second';
  return (act === 'run' || act === 'retry') && place.step.kind === 'close' ? 'close' : act;
}

function disabledReason(act: DerivedAct, { rows, actor }: About): string | null {
  if (act.refused) return act.refused.reason;
  return personWords(refusePerson(rows, act.act, actor), actor);
}

function labelOf(act: DerivedAct, { rows, step }: About, card: boolean): string {
  const title = titleInSentence(step.place);
  const dots = card ? '…' : '';
  const pressName = inPlaceName(rows.runbook) ?? 'Switch';
  switch (act.act) {
    case 'run':
      if (step.place.sequence && step.place.group === 'main') return `${pressName}${dots}`;
      return step.place.step.kind === 'close' ? `Close the window${dots}` : `Run ${title}`;
    case 'retry':
      if (step.place.sequence && step.place.group === 'main' && step.place.index === 0)
        return `${pressName} again${dots}`;
      return isGreen(step.status) ? `Run ${title} again${dots}` : `Retry ${title}${dots}`;
    case 'plan':
      return step.plan ? 'Make the plan again' : 'Make the plan';
    case 'cancel':
      return 'Cancel';
    case 'choose-rule':
      return openRules(rows, step) === 1
        ? 'Choose a rule…'
        : `Choose rules for ${countWords(openRules(rows, step), 'finding')}…`;
    case 'repair':
      return `Repair ${repairWords(rows, step)}…`;
    case 'override':
      return 'Override…';
    case 'confirm-override':
      return 'Confirm the override';
    case 'sign-off':
      return 'Review and sign…';
    case 'tick':
      return 'Tick the checklist';
    case 'abandon':
      return 'Abandon…';
    case 'rollback':
      return 'Roll back…';
    case 'data-rollback':
      return 'Roll back the data…';
    case 'confirm-outside':
      return 'Confirm the rollback made outside';
  }
}

/** "3 rows", as the row diff counted them. */
function repairWords({ facts }: CutoverRows, step: DerivedStep): string {
  const counts = facts.find(({ stepId, name }) => stepId === step.id && name === 'counts')?.value;
  if (!counts || typeof counts !== 'object' || Array.isArray(counts)) return 'the rows that differ';
  const { differing, missing, extra } = counts;
  return countWords(BigInt(String(differing ?? 0)) + BigInt(String(missing ?? 0)) + BigInt(String(extra ?? 0)), 'row');
}

const openRules = (rows: CutoverRows, step: DerivedStep): number =>
  rows.findings.filter(
    ({ stepId, rule, rules, blocking }) => stepId === step.id && !rule && rules.length > 0 && blocking > 0,
  ).length;

function consequenceOf(act: DerivedAct, { rows, step, lasting }: About): string {
  const { from, to } = rows.runbook;
  switch (act.act) {
    case 'run':
      return step.place.sequence
        ? `Holds users, ${inPlaceName(rows.runbook) ? `puts schema ${rows.entry.profile.target.schema} back` : `moves the service to ${to}`}, lets users through.`
        : (step.place.step.why ?? 'Does what its plan says.');
    case 'retry':
      if (lasting) return lasting;
      if (isGreen(step.status)) return 'Does it again and judges anew; what comes after waits for it.';
      if (isLater(step)) return 'Does it once more and judges anew; what follows it goes on by itself.';
      if (openRules(rows, step) > 0)
        return 'Judges anew; passes only if the data was changed since. Else a rule has to be chosen.';
      return step.attempt?.state === 'done'
        ? 'Does it once more and judges anew.'
        : 'Resumes where it stopped; what is done is not repeated.';
    case 'plan':
      return 'Reads only. Shows exactly what the step will do.';
    case 'cancel':
      return 'Stops at the next safe place; what is committed stays, and a retry resumes.';
    case 'choose-rule':
      return 'Recorded, and applied to both sides of the row diff.';
    case 'repair':
      return 'Makes the target follow the compared copy in exactly these rows, then compares again by itself.';
    case 'override':
      return 'Asks an admin, a reason and a second person; shows for ever.';
    case 'confirm-override':
      return 'You stand behind it as the second person; shows for ever.';
    case 'sign-off':
      return 'A reviewer who ran no step decides on the evidence.';
    case 'tick':
      return 'Each item takes a note.';
    case 'abandon':
      return `Drops what was put in place, keeps the evidence. ${rows.runbook.phases.some(({ sequence }) => sequence) ? `The service stays on ${from}.` : 'The file stays as it is.'}`;
    case 'rollback':
      return `Returns the service to ${from}. Rows written since the ${pressWords(rows.runbook).noun} are listed first.`;
    case 'data-rollback':
      return 'Restores the snapshot of the target, all or nothing; what is there is kept aside.';
    case 'confirm-outside':
      return 'Says that you have seen it; nothing starts before.';
  }
}
