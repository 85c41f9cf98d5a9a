import { isGreen } from '@/lib/cutover/derive-gate';
import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import { targetHoldsWrites } from '@/lib/cutover/take-back';
import { formatCount, formatDuration } from '@/lib/shared/format';
import { countWords, listWords } from '@/lib/shared/words';
import { copyWords, lostPlaceWords } from '@/lib/views/words/lost-place';
import { pressWords } from '@/lib/views/words/in-place';
import { stepTitle } from '@/lib/views/words/step-title';
import { holdOf } from './hold';
import { lostPlaceOf, restoredTarget, snapshotIsOfNone } from './lost-place';
import type { OpenCutover } from './open-cutover';
import { rollbackLoss } from './rollback-loss';

type Group = 'runtime-rollback' | 'data-rollback';
type Lines = { label: string; text: string }[];

/** The newest press of a rollback that went through: its attempts, oldest first; null when there is none. */
export function rollbackPress(rows: CutoverRows, steps: DerivedStep[], group: Group): AttemptRow[] | null {
  const own = steps.filter(({ place }) => place.group === group);
  if (own.length === 0 || !own.every(({ status, attempt }) => attempt && isGreen(status))) return null;
  return pressOf(rows, own, own.at(-1)?.attempt?.pressId);
}

const pressOf = (rows: CutoverRows, own: DerivedStep[], pressId: string | null | undefined): AttemptRow[] =>
  rows.attempts.filter(
    (one) => own.some(({ id }) => id === one.stepId) && one.verb === 'run' && one.pressId === pressId,
  );

/** The press that did what the rollback is for, also where a later step of it broke; null where nobody here pressed it. */
function pressPast(
  rows: CutoverRows,
  steps: DerivedStep[],
  group: Group,
  kind: 'thaw' | 'restore',
): AttemptRow[] | null {
  const own = steps.filter(({ place }) => place.group === group);
  const point = own.find(({ place }) => place.step.kind === kind) ?? own.at(-1);
  const done = rows.attempts.findLast(
    ({ id, stepId, verb, state }) =>
      stepId === point?.id &&
      verb === 'run' &&
      state === 'done' &&
      rows.checkpoints.every(({ attemptId, verdict }) => attemptId !== id || verdict === 'passed'),
  );
  return done ? pressOf(rows, own, done.pressId) : null;
}

/** What a finished rollback came to: who pressed it and when, what was lost, how long users waited, what stands where. */
export function rolledBackLines(open: OpenCutover): Lines {
  const { rows, steps, people } = open;
  const runtime = pressPast(rows, steps, 'runtime-rollback', 'thaw');
  const data = pressPast(rows, steps, 'data-rollback', 'restore');
  const broke = steps.find(
    ({ place, attempt, status }) =>
      (place.group === 'data-rollback' || (runtime && place.group === 'runtime-rollback')) &&
      attempt &&
      (status === 'failed' || status === 'unknown'),
  );
  const { from } = rows.runbook;
  const { schema } = rows.entry.profile.target;
  const place = lostPlaceOf(rows, steps);
  const isEnded = rows.cutover.state === 'abandoned';
  return [
    { label: 'Rolled back', text: runtime ? pressedWords(rows, runtime, people, 'rollback') : outsideWords(rows) },
    ...(runtime ? [{ label: 'Users held', text: heldWords(runtime, steps) }] : []),
    { label: 'Rows lost', text: lostWords(rows, place?.schema) },
    ...(data ? [{ label: 'Data restored', text: pressedWords(rows, data, people, 'data-rollback') }] : []),
    { label: 'Source', text: `${rows.cutover.sourceId} reads and writes ${from} again.` },
    ...(place?.aside
      ? [{ label: 'Set aside', text: `What was there is in ${lostPlaceWords(place)}.${copyWords(place)}` }]
      : []),
    // What this cutover made there goes with an abandon.
    ...(isEnded && data
      ? []
      : [
          {
            label: 'Target',
            text: data ? restoredWords(open) : `Schema ${schema} keeps what was there, for forensics.`,
          },
        ]),
    ...(isEnded ? [] : [{ label: 'Next', text: nextWords(rows, steps, { broke, data: data !== null }) }]),
  ];
}

function nextWords(
  rows: CutoverRows,
  steps: DerivedStep[],
  { broke, data }: { broke: DerivedStep | undefined; data: boolean },
): string {
  const frees = 'Abandon frees the profile for a new cutover.';
  if (broke) return `${stepTitle(broke.place)} does not hold: see why below and retry it. ${frees}`;
  if (data) return `${frees} What was set aside stays there.`;
  if (!rows.runbook.rollbacks.data) return frees;
  return targetHoldsWrites(rows, steps)
    ? 'Roll the data back: it sets aside what users wrote to the target. After that Abandon frees the profile.'
    : `${frees} Roll the data back first if the target must be as it was before.`;
}

const outsideWords = ({ cutover }: CutoverRows): string =>
  `outside the console${cutover.rolledBackAt ? `, ${cutover.rolledBackAt.toISOString()}` : ''}.`;

function pressedWords(
  rows: CutoverRows,
  press: AttemptRow[],
  people: OpenCutover['people'],
  act: 'rollback' | 'data-rollback',
): string {
  const [first] = press;
  const by = first?.requestedBy ? (people.get(first.requestedBy) ?? 'a person who left') : 'the console';
  const ended = press.at(-1)?.endedAt;
  const stood = rows.secondPersons
    .filter((one) => one.act === act && one.planDigest === first?.planDigest)
    .map((one) => {
      const who = people.get(one.by) ?? '';
      return one.lossReadAt && one.loss !== null
        ? `${who}, who stood behind ${countWords(BigInt(one.loss), 'row')}`
        : who;
    });
  return `by ${by}${stood.length ? `, second person ${listWords(stood)}` : ''}${ended ? `, ${ended.toISOString()}` : ''}.`;
}

/** From the freeze to the end of the thaw of this press. */
function heldWords(press: AttemptRow[], steps: DerivedStep[]): string {
  const { from, to } = holdOf(steps, press);
  return from && to ? formatDuration(to.getTime() - from.getTime()) : 'not measured';
}

/** @param schema where they are; the target's own one before its data is rolled back */
function lostWords(rows: CutoverRows, schema = rows.entry.profile.target.schema): string {
  const lost = rollbackLoss(rows);
  if (!lost) return 'not counted.';
  const { read, before, held, count, isLeast } = lost;
  const found = `${before === null ? 'not counted' : before === 0n ? 'none' : formatCount(before)} found before the press${read ? `, read ${read.madeAt.toISOString()}` : ''}`;
  const known = count !== null && !(isLeast && count === 0n);
  if (!known)
    return `${count === null ? 'not counted' : `not counted under the hold; ${found}`}. What was written since the ${pressWords(rows.runbook).noun} is in schema ${schema} only.`;
  const least = isLeast ? 'at least ' : '';
  const when = held
    ? `counted under the hold, ${held.at}; ${found}`
    : `${isLeast ? 'not counted under the hold; ' : ''}${found}`;
  if (count === 0n) return `none, ${when}.`;
  return `${least}${countWords(count, 'row')}, ${when}. Kept in schema ${schema}.`;
}

/** With the restore's own claims in their one line each, where rows came back. */
function restoredWords({ rows, steps, summaries }: OpenCutover): string {
  const restore = steps.findLast(({ place }) => place.group === 'data-rollback' && place.step.kind === 'restore');
  const stands = restoredTarget(rows, steps);
  if (snapshotIsOfNone(rows, steps)) return stands;
  const said = rows.checkpoints
    .filter(({ attemptId }) => attemptId === restore?.attempt?.id)
    .flatMap(({ id }) => summaries.get(id) ?? []);
  return [stands, ...(said.length ? [`The restore found: ${said.slice(0, 3).join('; ')}.`] : [])].join(' ');
}

export const rowsLoaded = (rows: CutoverRows, steps: DerivedStep[]): string | null => {
  const loaded = rows.attempts.findLast(
    ({ stepId, progress }) =>
      progress?.unit === 'rows' && steps.find(({ id }) => id === stepId)?.place.step.kind === 'import',
  );
  return loaded?.progress ? formatCount(loaded.progress.done) : null;
};
