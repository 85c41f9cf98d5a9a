import { readPressSpan, readPressStart } from '@/db/queries/attempt/read-press-span';
import { findGroup } from '@/db/queries/cutover/find-group';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { updateCutover } from '@/db/queries/cutover/update-cutover';
import type { Tx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { type CutoverState, openCutoverStates } from '@/lib/shared/statuses';
import { deriveSteps, stepOf } from './derive-steps';
import { loadCutover } from './load-cutover';
import { nextOfGroup } from './continue-group';
import { addAttempt } from './new-attempt';
import { planReadySteps } from './plan-ready-steps';
import { auditKey } from './press';
import type { AttemptRow, CutoverRows } from './rows';
import { placesToTakeBack } from './take-back';
import { sequenceOf, titleOf, walkRunbook, type Place } from './walk-runbook';

/** Kinds whose failed undo leaves the service between two sides: the return must not go on past them. */
const holdsTheService = new Set(['switch', 'fence', 'freeze', 'restore', 'stop-service', 'start-service']);

/**
 * What follows an ended attempt, decided in the transaction that ended it: state of the cutover, the next step of its
 * press, the automatic return, or plans for what became ready. The cutover's row must be locked.
 * @returns the attempt that goes on without another press, if any
 */
export async function continuePress(tx: Tx, ended: AttemptRow): Promise<AttemptRow | null> {
  const rows = await loadCutover(tx, ended.cutoverId);
  const places = walkRunbook(rows.runbook);
  const place = places.find(({ step }) => step.id === ended.stepId);
  if (!place || ended.verb === 'plan') return null;
  const passed = ended.verb !== 'undo' && stepOf(deriveSteps(rows), ended.stepId)?.greenBy === ended.id;
  if (passed) await changeState(tx, rows, place, ended);
  if (rows.cutover.switchGroup && /^(switch|rollback):/.test(ended.pressId ?? ''))
    return continueTogether(tx, rows, ended, passed);
  const next = nextOf(rows, places, place, ended, passed);
  if (next && 'place' in next)
    return addAttempt(
      tx,
      rows.cutover,
      { ...next, requestedBy: ended.requestedBy, pressId: ended.pressId },
      { first: true },
    );
  if (next?.end === 'returned') await endReturn(tx, rows);
  if (next?.end === 'abandoned')
    await setState(tx, rows, ['planned', 'open', 'rolled_back'], 'abandoned', { endedAt: rows.now });
  await planReadySteps(tx, await loadCutover(tx, ended.cutoverId));
  return null;
}

/** The same for a press that covers several cutovers: a step for each, then the next step; returned together. */
async function continueTogether(
  tx: Tx,
  own: CutoverRows,
  ended: AttemptRow,
  passed: boolean,
): Promise<AttemptRow | null> {
  const members: CutoverRows[] = [];
  for (const id of await findGroup(tx, own.cutover.switchGroup ?? '')) {
    const rows = await loadCutover(tx, id);
    if (rows.attempts.some(({ pressId }) => pressId === ended.pressId)) members.push(rows);
  }
  const next = await nextOfGroup(tx, members, ended, passed);
  if ('attempt' in next) return next.attempt;
  if (next.end === 'returned')
    for (const rows of members) {
      await endReturn(tx, rows);
      await updateCutover(tx, rows.cutover.id, openCutoverStates, { switchGroup: null });
    }
  if (next.end !== 'ending')
    for (const rows of members) await planReadySteps(tx, await loadCutover(tx, rows.cutover.id));
  return null;
}

type Next = { verb: 'run' | 'undo'; place: Place } | { end: 'returned' | 'abandoned' } | null;

function nextOf(rows: CutoverRows, places: Place[], place: Place, ended: AttemptRow, passed: boolean): Next {
  const kind = ended.pressId?.split(':')[0];
  if (!kind) return null;
  if (kind === 'abandon') {
    if (ended.state !== 'done') return null;
    const [left] = placesToTakeBack(rows);
    return left ? { verb: 'undo', place: left } : { end: 'abandoned' };
  }
  if (kind === 'repair') {
    // The row diff runs again by itself; whatever it finds, a person looks next.
    const compared = passed && place.repairs ? places.find(({ step }) => step.id === place.repairs) : undefined;
    return compared ? { verb: 'run', place: compared } : null;
  }
  const sequence = sequenceOf(places, place);
  if (ended.verb !== 'undo' && passed) {
    const after = sequence[place.index + 1];
    return after ? { verb: 'run', place: after } : null;
  }
  // Only the switch returns by itself, and only while users are still held: before thaw has started.
  if (kind !== 'switch') return null;
  const own = rows.attempts.filter(({ pressId }) => pressId === ended.pressId);
  const thawed = own.some(
    ({ stepId, verb, startedAt }) =>
      verb === 'run' && startedAt && sequence.find(({ step }) => step.id === stepId)?.step.kind === 'thaw',
  );
  if (thawed) return null;
  if (ended.verb === 'run') return ended.startedAt ? { verb: 'undo', place } : previousOf(sequence, place, own);
  if (ended.state !== 'done' && holdsTheService.has(place.step.kind)) return null;
  return previousOf(sequence, place, own);
}

function previousOf(sequence: Place[], place: Place, own: AttemptRow[]): Next {
  const before = sequence
    .slice(0, place.index)
    .findLast(({ step }) =>
      own.some(({ stepId, verb, startedAt }) => stepId === step.id && verb === 'run' && startedAt),
    );
  return before ? { verb: 'undo', place: before } : { end: 'returned' };
}

const switches = ({ runbook }: CutoverRows): boolean =>
  runbook.phases.some(({ steps }) => steps.some(({ kind }) => kind === 'switch'));

/** A runbook without a switch is closed without one. */
const closesFrom = (rows: CutoverRows): ('open' | 'switched')[] =>
  switches(rows) ? ['switched'] : ['open', 'switched'];

async function changeState(tx: Tx, rows: CutoverRows, place: Place, ended: AttemptRow): Promise<void> {
  const { kind } = place.step;
  const { now } = rows;
  // Where nothing is switched, T-0 is behind when users are let through to what was put in place.
  const passesT0 = kind === 'switch' || (kind === 'thaw' && !switches(rows));
  if (place.group === 'main' && passesT0) await setState(tx, rows, ['open'], 'switched', { switchedAt: now });
  if (place.group === 'main' && kind === 'thaw') {
    const first = rows.runbook.phases.find(({ sequence }) => sequence)?.steps[0];
    // Of several cutovers the first freeze holds the users of all, and the first thaw lets all through.
    const press = rows.attempts.findLast(({ stepId, verb }) => verb === 'run' && stepId === first?.id)?.pressId;
    const frozenMs = first && press ? await readHeldMs(tx, press, ended, first.id) : null;
    if (frozenMs !== null) await updateCutover(tx, rows.cutover.id, ['switched'], { frozenMs });
  }
  if (place.group === 'runtime-rollback') {
    const steps = rows.runbook.rollbacks.runtime.steps;
    const point = steps.find((step) => step.kind === 'thaw') ?? steps.at(-1);
    if (point?.id === place.step.id)
      await setState(tx, rows, ['open', 'switched'], 'rolled_back', { rolledBackAt: now });
  }
  if (kind === 'close') await setState(tx, rows, closesFrom(rows), 'closed', { endedAt: now });
}

/** How long users were held; a thaw pressed again by itself ends what the switch's own press began. */
async function readHeldMs(tx: Tx, press: string, thaw: AttemptRow, freezeId: string): Promise<number | null> {
  const inPress = await readPressSpan(tx, press, freezeId, thaw.stepId);
  if (inPress !== null || !thaw.endedAt) return inPress;
  const began = await readPressStart(tx, press, freezeId);
  return began ? thaw.endedAt.getTime() - began.getTime() : null;
}

async function endReturn(tx: Tx, rows: CutoverRows): Promise<void> {
  if (rows.cutover.state === 'switched') await setState(tx, rows, ['switched'], 'open', { switchedAt: null });
  await appendAudit(tx, {
    ...auditKey(rows),
    actor: 'system',
    role: 'worker',
    act: 'returned',
    summary: switches(rows)
      ? `The switch failed and the service returned to ${rows.runbook.from} by itself`
      : 'A step failed, and what had been done under the hold was taken back by itself',
  });
}

type Change = { switchedAt?: Date | null; rolledBackAt?: Date; endedAt?: Date };

async function setState(
  tx: Tx,
  rows: CutoverRows,
  from: CutoverState[],
  state: CutoverState,
  change: Change,
): Promise<void> {
  if (!(await updateCutover(tx, rows.cutover.id, from, { state, ...change }))) return;
  await insertEvent(tx, rows.cutover.id, 'state', null, { state });
  await appendAudit(tx, {
    ...auditKey(rows),
    actor: 'system',
    role: 'worker',
    act: 'state',
    summary: `The cutover is ${state.replace('_', ' ')}`,
    what: { state },
  });
}

export const describeAttempt = (place: Place, attempt: Pick<AttemptRow, 'verb' | 'no'>): string =>
  `${attempt.verb === 'undo' ? 'Taking back ' : attempt.verb === 'check' ? 'Checking ' : attempt.verb === 'plan' ? 'Plan of ' : ''}${titleOf(place)}, attempt ${attempt.no}`;
