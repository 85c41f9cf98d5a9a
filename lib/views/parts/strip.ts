import { inPlaceName, inPlaceTitle } from '@/lib/views/words/in-place';
import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import { isLive } from '@/lib/shared/statuses';
import type { LiveStripDto, WizardDto } from '@/lib/views/dto';
import { listWords } from '@/lib/shared/words';
import { stepTitle } from '@/lib/views/words/step-title';
import { toAttemptDto } from './attempt';
import type { Elsewhere } from '@/db/queries/views/read-elsewhere';
import { type Freeze, predictedMs } from './freeze';

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
  { rows, freeze, summaries, stalled, elsewhere, people, workers }: Given,
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
  const startedAt = Math.min(...press.map(({ startedAt: at, queuedAt }) => (at ?? queuedAt).getTime()));
  return {
    title: inPlace
      ? inPlaceTitle(outcome, rows.cutover.sourceId, inPlace, back)
      : titleOf(outcome, [rows.cutover.sourceId, ...(elsewhere?.others ?? [])], goal, back),
    sub: subOf({
      outcome,
      from,
      goal,
      back,
      inPlace: inPlace !== null,
      stalled,
      waits: press.every(({ startedAt: at }) => !at),
      elsewhere,
    }),
    startedAt: new Date(startedAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    limitMs: freeze.limitMs,
    predictedMs: back ? sumMs(walked) : predictedMs(freeze),
    cells: walked.map((step) => toCell(rows, step, press, summaries)),
    attemptId: (press.find(({ state }) => isLive(state)) ?? press.at(-1))?.id ?? null,
    attempts: press.map((attempt) => toAttemptDto(attempt, people, workers)),
    held: [
      {
        label: 'Profiles on this service',
        value: String(1 + rows.entry.neighbours.filter(({ shares }) => shares.includes('service')).length),
      },
    ],
    ifFails: ifFailsWords(outcome, back, from, inPlace !== null),
    outcome,
  };
}

function ifFailsWords(outcome: LiveStripDto['outcome'], back: boolean, from: string, inPlace: boolean): string {
  if (outcome === 'done') return '';
  if (back) return 'Users stay held until a person decides. The service may stand on either side; retry is safe.';
  if (inPlace) return 'The schema from before comes back, and the service on it. No user has written meanwhile.';
  return `The mode goes back to ${from}, the service restarts, the fence is lifted. No user has written to the target.`;
}

const sumMs = (steps: DerivedStep[]): number =>
  steps.reduce((sum, { place }) => sum + place.step.planned_seconds, 0) * 1000;

function outcomeOf(rows: CutoverRows, walked: DerivedStep[], press: AttemptRow[]): LiveStripDto['outcome'] {
  const forward = press.filter(({ verb }) => verb !== 'undo');
  const broke = forward.some(
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

function titleOf(outcome: LiveStripDto['outcome'], sourceIds: string[], goal: string, back: boolean): string {
  const sourceId = listWords(sourceIds);
  const one = sourceIds.length === 1;
  switch (outcome) {
    case 'running':
      return `${back ? 'Rolling back' : 'Switching'} ${sourceId} to ${goal}`;
    case 'done':
      return `${sourceId} ${one ? 'is' : 'are'} on ${goal}`;
    case 'returned':
      return `${sourceId} ${one ? 'was' : 'were'} returned by itself`;
    case 'failed':
      return `${back ? 'The rollback' : 'The switch'} of ${sourceId} stopped`;
  }
}

type Sub = {
  outcome: LiveStripDto['outcome'];
  from: string;
  goal: string;
  back: boolean;
  /** Nothing is switched: a live schema is restored where it stands. */
  inPlace: boolean;
  stalled: WizardDto['stalled'];
  /** Pressed, and no worker has taken its first step. */
  waits: boolean;
  elsewhere: Elsewhere | null | undefined;
};

function runningWords({ from, back, inPlace, stalled, waits, elsewhere }: Sub): string {
  if (stalled) return `${stalled.lead} ${stalled.rest}`;
  const first = elsewhere?.live?.sourceId;
  if (waits && first) return `${first} goes first; this one follows by itself. You can leave this page, it goes on.`;
  if (waits) return 'Waits for a worker; no user is held yet. You can leave this page, it starts by itself.';
  const taken = inPlace ? 'everything is taken back' : `a failure returns to ${from}`;
  const ends = back ? '' : ` Until thaw, ${inPlace ? 'on a failure ' : ''}${taken} by itself.`;
  return `Users are held.${ends} You can leave this page, it goes on.`;
}

function subOf(sub: Sub): string {
  const { outcome, from, goal } = sub;
  switch (outcome) {
    case 'running':
      return runningWords(sub);
    case 'done':
      return `Users are let through on ${goal}.`;
    case 'returned':
      return sub.inPlace
        ? 'A step did not hold, so everything was taken back while users were still held.'
        : `A step did not hold, so the service went back to ${from} while users were still held.`;
    case 'failed':
      return 'It waits for a person. Only safe moves are offered.';
  }
}

type Cell = LiveStripDto['cells'][number];

function toCell(
  rows: CutoverRows,
  step: DerivedStep,
  press: AttemptRow[],
  summaries: ReadonlyMap<string, string>,
): Cell {
  const attempt = press.findLast(({ stepId, verb }) => stepId === step.id && verb !== 'undo');
  const undo = press.findLast(({ stepId, verb }) => stepId === step.id && verb === 'undo');
  const heads = rows.checkpoints.filter(({ attemptId }) => attemptId === attempt?.id);
  const shown = heads.find(({ verdict }) => verdict !== 'passed') ?? heads.at(-1);
  const state = cellState(attempt, heads);
  const ms = attempt?.startedAt ? (attempt.endedAt ?? rows.now).getTime() - attempt.startedAt.getTime() : null;
  return {
    stepId: step.id,
    title: stepTitle(step.place),
    state,
    ms: ms === null ? null : Math.max(0, ms),
    startedAt: attempt?.startedAt?.toISOString() ?? null,
    detail: `${undoWords(undo)}${detailOf(attempt, shown && summaries.get(shown.id))}`.trim(),
  };
}

/** What broke, else what it waits for, else what its check found. */
const detailOf = (attempt: AttemptRow | undefined, found: string | undefined): string =>
  attempt?.error?.message ?? attempt?.progress?.waiting?.reason ?? found ?? '';

function cellState(attempt: AttemptRow | undefined, heads: CutoverRows['checkpoints']): Cell['state'] {
  if (!attempt || attempt.state === 'queued') return 'waiting';
  if (isLive(attempt.state)) return 'running';
  const holds = heads.length > 0 && heads.every(({ verdict }) => verdict === 'passed');
  return attempt.state === 'done' && holds ? 'passed' : 'failed';
}

function undoWords(undo: AttemptRow | undefined): string {
  if (!undo) return '';
  return undo.state === 'done' ? 'Taken back. ' : 'Being taken back. ';
}
