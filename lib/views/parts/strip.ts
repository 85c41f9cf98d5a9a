import { inPlaceName, inPlaceTitle } from '@/lib/views/words/in-place';
import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import { isGreen } from '@/lib/cutover/derive-gate';
import { isLive } from '@/lib/shared/statuses';
import type { LiveStripDto, WizardDto } from '@/lib/views/dto';
import { leftWords } from '@/lib/views/words/lost-place';
import { subOf, titleOf } from '@/lib/views/words/strip';
import type { Trouble } from '@/lib/views/words/trouble';
import { toAttemptDto } from './attempt';
import type { Elsewhere } from '@/db/queries/views/read-elsewhere';
import type { Freeze } from './freeze';
import { toHeld } from './held';
import { type Hold, holdOf } from './hold';
import { lostPlaceOf } from './lost-place';
import { lossWords, rollbackLoss } from './rollback-loss';
import { toCell } from './strip-cells';

/** How long a finished strip stays after its end. */
const staysMs = 120_000;

type Given = {
  rows: CutoverRows;
  steps: DerivedStep[];
  freeze: Freeze;
  summaries: ReadonlyMap<string, string>;
  people: ReadonlyMap<string, string>;
  workers: ReadonlyMap<string, string>;
  stalled?: WizardDto['stalled'];
  elsewhere?: Elsewhere | null;
  trouble?: Trouble | null;
};

/** The switch or rollback that runs, or has just ended, as one strip; null otherwise. */
export function toStrip(given: Given): LiveStripDto | null {
  const { rows, steps } = given;
  const sequences = steps.filter(({ place }) => place.sequence && place.group !== 'data-rollback');
  const newest = rows.attempts.findLast(
    ({ stepId, verb, startedAt, state }) =>
      verb !== 'plan' && (startedAt || isLive(state)) && sequences.some(({ id }) => id === stepId),
  );
  const place = sequences.find(({ id }) => id === newest?.stepId)?.place;
  if (!newest || !place) return null;
  // A closed window is told by its summary, however soon after the switch it was closed.
  if (rows.cutover.state === 'closed') return null;
  // What was rolled back from outside is not told as a switch that went well.
  if (rows.cutover.outsideActAt || (rows.cutover.state === 'rolled_back' && place.group === 'main')) return null;
  const walked = sequences.filter(({ place: other }) => other.group === place.group && other.phaseId === place.phaseId);
  const ids = new Set(walked.map(({ id }) => id));
  const press = rows.attempts.filter(
    (attempt) => attempt.verb !== 'plan' && ids.has(attempt.stepId) && attempt.pressId === newest.pressId,
  );
  return stripOf(given, walked, press);
}

function stripOf(
  { rows, steps, freeze, summaries, stalled, elsewhere, people, workers, trouble }: Given,
  walked: DerivedStep[],
  press: AttemptRow[],
): LiveStripDto | null {
  const { from, to } = rows.runbook;
  const inPlace = inPlaceName(rows.runbook);
  const back = walked[0]?.place.group === 'runtime-rollback';
  const outcome = outcomeOf(rows, walked, press);
  const ends = press.flatMap(({ endedAt }) => (endedAt ? [endedAt.getTime()] : []));
  const endedAt = outcome === 'running' ? null : Math.max(...ends, 0);
  if (outcome === 'done' && endedAt !== null && rows.now.getTime() - endedAt > staysMs) return null;
  const goal = back ? from : to;
  const hold = holdOf(steps, press);
  const stands = standsWords(walked, press, goal);
  const startedAt = Math.min(...press.map(({ startedAt: at, queuedAt }) => (at ?? queuedAt).getTime()));
  return {
    ...(outcome === 'running' && stalled?.until
      ? { until: { at: stalled.until.at, rest: `${stalled.lead} ${stalled.until.rest}` } }
      : {}),
    title: inPlace
      ? inPlaceTitle(outcome, rows.cutover.sourceId, inPlace, back)
      : titleOf(outcome, [rows.cutover.sourceId, ...(elsewhere?.others ?? [])], goal, back, Boolean(trouble)),
    sub: subOf({
      outcome,
      from,
      goal,
      back,
      inPlace: inPlace !== null,
      stalled,
      waits: press.every(({ startedAt: at }) => !at),
      hold: holdWord(hold),
      stands,
      elsewhere,
      trouble,
    }),
    startedAt: new Date(startedAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    heldFrom: hold.from?.toISOString() ?? null,
    heldTo: hold.to?.toISOString() ?? null,
    limitMs: freeze.limitMs,
    predictedMs: back ? sumMs(walked) : freeze.toldMs,
    cells: walked.map((step) => toCell(rows, step, press, { summaries, workers })),
    attemptId: (press.find(({ state }) => isLive(state)) ?? press.at(-1))?.id ?? null,
    attempts: press.map((attempt) => toAttemptDto(attempt, people, workers)),
    ...toHeld(rows, walked, press),
    ifFails: outcome === 'running' && !hold.to ? ifFailsWords(back, from, inPlace !== null, stands) : '',
    outcome,
    ...(outcome === 'running' && stalled ? { stalled: true } : {}),
    ...(back && outcome === 'done' ? leftBehind(rows, steps, from) : {}),
    ...(outcome === 'done' && trouble ? { troubled: true } : {}),
  };
}

/** A rollback that went well is still no all-clear where users had written to the target. */
function leftBehind(rows: CutoverRows, steps: DerivedStep[], from: string): Pick<LiveStripDto, 'left'> {
  const lost = rollbackLoss(rows);
  const place = lostPlaceOf(rows, steps);
  if (!lost || !place || (lost.count === 0n && !lost.isLeast)) return {};
  return { left: leftWords(lossWords(lost), lost.count, from, place) };
}

const holdWord = ({ from, to }: Hold): 'not yet' | 'held' | 'let through' =>
  from ? (to ? 'let through' : 'held') : 'not yet';

/** On which side the service is, as far as this press has shown it. */
function standsWords(walked: DerivedStep[], press: AttemptRow[], goal: string): string {
  const shown = walked.some(
    ({ status, attempt, place }) =>
      place.step.kind === 'verify-mode' && isGreen(status) && press.some((one) => one.id === attempt?.id),
  );
  return shown ? `The service answers as ${goal}` : 'The service may stand on either side';
}

/** While users are held, or before. */
function ifFailsWords(back: boolean, from: string, inPlace: boolean, stands: string): string {
  if (back) return `Users stay held until a person decides. ${stands}; retry is safe.`;
  if (inPlace) return 'The schema from before comes back, and the service on it. No user has written meanwhile.';
  return `The mode goes back to ${from}, the service restarts, the fence is lifted. No user has written to the target.`;
}

const sumMs = (steps: DerivedStep[]): number =>
  steps.reduce((sum, { place }) => sum + place.step.planned_seconds, 0) * 1000;

function outcomeOf(rows: CutoverRows, walked: DerivedStep[], press: AttemptRow[]): LiveStripDto['outcome'] {
  const forward = press.filter(({ verb }) => verb !== 'undo');
  // A step that was pressed again is judged by its newest attempt.
  const newest = forward.filter((one) => forward.findLast(({ stepId }) => stepId === one.stepId) === one);
  const broke = newest.some(
    ({ id, state }) =>
      state === 'failed' ||
      state === 'cancelled' ||
      state === 'interrupted' ||
      rows.checkpoints.some(({ attemptId, verdict }) => attemptId === id && verdict !== 'passed'),
  );
  const undone = press.filter(({ verb }) => verb === 'undo');
  if (press.some(({ state }) => isLive(state))) return 'running';
  if (undone.length > 0 && undone.every(({ state }) => state === 'done')) return 'returned';
  if (broke || undone.length > 0) return 'failed';
  const doneIds = new Set(forward.filter(({ state }) => state === 'done').map(({ stepId }) => stepId));
  return walked.every(({ id }) => doneIds.has(id)) ? 'done' : 'running';
}
