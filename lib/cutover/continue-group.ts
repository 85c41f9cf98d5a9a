import { cancelAttemptRow } from '@/db/queries/attempt/cancel-attempt';
import { supersedeAttempts } from '@/db/queries/attempt/supersede-attempts';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import type { Tx } from '@/db/tx';
import { isLive } from '@/lib/shared/statuses';
import { addAttempt } from './new-attempt';
import type { AttemptRow, CutoverRows } from './rows';
import { sequenceOf, walkRunbook, type Place } from './walk-runbook';

/** One step of one member; a press walks each step for every member before the next step. */
type Turn = { rows: CutoverRows; place: Place };
/** An attempt that goes on, or what the press has come to. */
export type GroupNext = { attempt: AttemptRow } | { end: 'done' | 'stopped' | 'returned' | 'ending' };

/** Kinds whose failed undo leaves the service between two sides: the return must not go on past them. */
const holdsTheService = new Set(['switch', 'fence', 'freeze', 'restore', 'stop-service', 'start-service']);

/** What follows in a press that covers several cutovers. Their rows must be locked. @param passed what `ended` came to */
export async function nextOfGroup(
  tx: Tx,
  members: CutoverRows[],
  ended: AttemptRow,
  passed: boolean,
): Promise<GroupNext> {
  const turns = turnsOf(members, ended);
  const at = turns.findIndex(
    ({ rows, place }) => rows.cutover.id === ended.cutoverId && place.step.id === ended.stepId,
  );
  const own = members.flatMap(({ attempts }) => attempts.filter(({ pressId }) => pressId === ended.pressId));
  const wanted = { requestedBy: ended.requestedBy, pressId: ended.pressId };
  if (ended.verb !== 'undo' && passed) {
    const next = turns[at + 1];
    if (!next) return { end: 'done' };
    // Each member's first step was queued by the press itself, with the plan that was seen.
    const queued = own.find(
      ({ cutoverId, stepId, state }) =>
        cutoverId === next.rows.cutover.id && stepId === next.place.step.id && state === 'queued',
    );
    const attempt =
      queued ??
      (await addAttempt(tx, next.rows.cutover, { verb: 'run', place: next.place, ...wanted }, { first: true }));
    return { attempt };
  }
  await endWaiting(tx, own, ended);
  if (!ended.pressId?.startsWith('switch:') || thawed(turns, own)) return { end: 'stopped' };
  const running = own.find(({ id, state, startedAt }) => id !== ended.id && isLive(state) && startedAt !== null);
  if (running) {
    await cancelAttemptRow(tx, running.cutoverId, running.id);
    return { end: 'ending' };
  }
  const back = backFrom(turns, at, own, ended);
  if (back === 'stopped' || back === 'returned') return { end: back };
  return {
    attempt: await addAttempt(tx, back.rows.cutover, { verb: 'undo', place: back.place, ...wanted }, { first: true }),
  };
}

function turnsOf(members: CutoverRows[], ended: AttemptRow): Turn[] {
  const ownRows = members.find(({ cutover }) => cutover.id === ended.cutoverId);
  const places = ownRows ? walkRunbook(ownRows.runbook) : [];
  const place = places.find(({ step }) => step.id === ended.stepId);
  const steps = place ? sequenceOf(places, place) : [];
  return steps.flatMap((one) => members.map((rows) => ({ rows, place: one })));
}

/** From the first thaw on users write, so nothing returns by itself. */
const thawed = (turns: Turn[], own: AttemptRow[]): boolean =>
  own.some(
    ({ stepId, verb, startedAt }) =>
      verb === 'run' && startedAt && turns.find(({ place }) => place.step.id === stepId)?.place.step.kind === 'thaw',
  );

/** The turn that is taken back next: the newest that was started. */
function backFrom(turns: Turn[], at: number, own: AttemptRow[], ended: AttemptRow): Turn | 'stopped' | 'returned' {
  const here = turns[at];
  if (ended.verb === 'run' && ended.startedAt && here) return here;
  if (ended.verb === 'undo' && ended.state !== 'done' && here && holdsTheService.has(here.place.step.kind))
    return 'stopped';
  const started = ({ rows, place }: Turn): boolean =>
    own.some(
      ({ cutoverId, stepId, verb, startedAt }) =>
        cutoverId === rows.cutover.id && stepId === place.step.id && verb === 'run' && startedAt !== null,
    );
  return turns.slice(0, Math.max(at, 0)).findLast(started) ?? 'returned';
}

/** Steps of the press that were queued and not started do not start any more. */
async function endWaiting(tx: Tx, own: AttemptRow[], ended: AttemptRow): Promise<void> {
  const waiting = own.filter(({ id, state, startedAt }) => id !== ended.id && state === 'queued' && startedAt === null);
  const ids = await supersedeAttempts(
    tx,
    waiting.map(({ id }) => id),
    'cancelled',
  );
  for (const { id, cutoverId, stepId, verb } of waiting)
    if (ids.includes(id))
      await insertEvent(tx, cutoverId, 'attempt', stepId, { attemptId: id, verb, state: 'cancelled' });
}
