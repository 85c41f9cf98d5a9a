import { cancelAttemptRow } from '@/db/queries/attempt/cancel-attempt';
import { findGroup } from '@/db/queries/cutover/find-group';
import type { Tx } from '@/db/tx';
import { deriveSteps, stepOf } from './derive-steps';
import { endAttempts } from './end-attempts';
import { endAbandon, endReturn, followStep } from './follow-state';
import { loadCutover } from './load-cutover';
import { addAttempt } from './new-attempt';
import { attemptsOfPress, nextOfPress, type Turn } from './next-of-press';
import { planReadySteps } from './plan-ready-steps';
import type { AttemptRow, CutoverRows } from './rows';

/**
 * What follows an ended attempt, done in the transaction that ended it: state of the cutover, the next step of its
 * press, the automatic return, or plans for what became ready. The cutover's row must be locked.
 * @returns the attempt that goes on without another press, if any
 */
export async function continuePress(tx: Tx, ended: AttemptRow): Promise<AttemptRow | null> {
  const own = await loadCutover(tx, ended.cutoverId);
  const step = stepOf(deriveSteps(own), ended.stepId);
  if (!step || ended.verb === 'plan') return null;
  const passed = ended.verb !== 'undo' && step.greenBy === ended.id;
  if (passed) await followStep(tx, own, step.place, ended);
  const members = await membersOf(tx, own, ended);
  // What broke is not followed by what still waits in its press.
  if (!passed) await endWaiting(tx, members, ended);
  const next = nextOfPress(members, ended, passed);
  if ('turn' in next) return takeTurn(tx, next.verb, next.turn, ended);
  if (next.end === 'ending') {
    await cancelAttemptRow(tx, next.running.cutoverId, next.running.id);
    return null;
  }
  for (const rows of members) {
    if (next.end === 'returned') await endReturn(tx, rows);
    if (next.end === 'abandoned') await endAbandon(tx, rows);
    await planReadySteps(tx, await loadCutover(tx, rows.cutover.id));
  }
  return null;
}

/** The cutovers that the press of this attempt covers, by source id: mostly its own alone. */
async function membersOf(tx: Tx, own: CutoverRows, { pressId }: AttemptRow): Promise<CutoverRows[]> {
  const { switchGroup } = own.cutover;
  if (!switchGroup || !pressId) return [own];
  const members: CutoverRows[] = [];
  for (const id of await findGroup(tx, switchGroup)) {
    const rows = id === own.cutover.id ? own : await loadCutover(tx, id);
    if (rows.attempts.some((attempt) => attempt.pressId === pressId)) members.push(rows);
  }
  return members;
}

/** Each cutover's first step was queued by the press itself, with the plan that was seen; the rest is queued here. */
async function takeTurn(tx: Tx, verb: 'run' | 'undo', turn: Turn, ended: AttemptRow): Promise<AttemptRow> {
  const { cutover, attempts } = turn.rows;
  const { requestedBy, pressId } = ended;
  const queued = attempts.find(
    (attempt) =>
      verb === 'run' &&
      attempt.pressId === pressId &&
      attempt.stepId === turn.place.step.id &&
      attempt.verb === verb &&
      attempt.state === 'queued',
  );
  return queued ?? addAttempt(tx, cutover, { verb, place: turn.place, requestedBy, pressId }, { first: true });
}

function endWaiting(tx: Tx, members: CutoverRows[], ended: AttemptRow): Promise<void> {
  return endAttempts(
    tx,
    attemptsOfPress(members, ended).filter(
      ({ id, state, startedAt }) => id !== ended.id && state === 'queued' && startedAt === null,
    ),
  );
}
