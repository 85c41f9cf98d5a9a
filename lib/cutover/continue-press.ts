import { insertEvent } from '@/db/queries/cutover/insert-event';
import { updateCutover } from '@/db/queries/cutover/update-cutover';
import type { Tx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import type { CutoverState } from '@/lib/shared/statuses';
import { deriveSteps, stepOf } from './derive-steps';
import { loadCutover } from './load-cutover';
import { addAttempt } from './new-attempt';
import { planReadySteps } from './plan-ready-steps';
import { auditKey } from './press';
import type { AttemptRow, CutoverRows } from './rows';
import { placesToTakeBack } from './take-back';
import { sequenceOf, titleOf, walkRunbook, type Place } from './walk-runbook';

/** Kinds whose failed undo leaves the service between two sides: the return must not go on past them. */
const holdsTheService = new Set(['switch', 'fence', 'freeze']);

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

type Next = { verb: 'run' | 'undo'; place: Place } | { end: 'returned' | 'abandoned' } | null;

function nextOf(rows: CutoverRows, places: Place[], place: Place, ended: AttemptRow, passed: boolean): Next {
  const kind = ended.pressId?.split(':')[0];
  if (!kind) return null;
  if (kind === 'abandon') {
    if (ended.state !== 'done') return null;
    const left = placesToTakeBack(rows).filter(
      ({ sequence }) => !(rows.cutover.state === 'rolled_back' && sequence),
    )[0];
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

async function changeState(tx: Tx, rows: CutoverRows, place: Place, ended: AttemptRow): Promise<void> {
  const { kind } = place.step;
  const { now } = rows;
  if (place.group === 'main' && kind === 'switch') await setState(tx, rows, ['open'], 'switched', { switchedAt: now });
  if (place.group === 'main' && kind === 'thaw') {
    const freeze = rows.attempts.findLast(
      ({ stepId, verb }) =>
        verb === 'run' && rows.runbook.phases.some(({ sequence, steps }) => sequence && steps[0]?.id === stepId),
    );
    if (freeze?.startedAt)
      await updateCutover(tx, rows.cutover.id, ['switched'], {
        frozenMs: (ended.endedAt ?? now).getTime() - freeze.startedAt.getTime(),
      });
  }
  if (place.group === 'runtime-rollback') {
    const steps = rows.runbook.rollbacks.runtime.steps;
    const point = steps.find((step) => step.kind === 'thaw') ?? steps.at(-1);
    if (point?.id === place.step.id)
      await setState(tx, rows, ['open', 'switched'], 'rolled_back', { rolledBackAt: now });
  }
  if (kind === 'close') await setState(tx, rows, ['switched'], 'closed', { endedAt: now });
}

async function endReturn(tx: Tx, rows: CutoverRows): Promise<void> {
  if (rows.cutover.state === 'switched') await setState(tx, rows, ['switched'], 'open', { switchedAt: null });
  await appendAudit(tx, {
    ...auditKey(rows),
    actor: 'system',
    role: 'worker',
    act: 'returned',
    summary: `The switch failed and the service returned to ${rows.runbook.from} by itself`,
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
