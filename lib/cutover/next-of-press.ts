import { isLive } from '@/lib/shared/statuses';
import type { AttemptRow, CutoverRows } from './rows';
import { placesToTakeBack } from './take-back';
import { sequenceOf, walkRunbook, type Place } from './walk-runbook';

/** One step of one cutover; a press walks each step for every cutover it covers before the next step. */
export type Turn = { rows: CutoverRows; place: Place };
/** The turn that goes on without another press, or what the press has come to. */
export type NextOfPress =
  | { verb: 'run' | 'undo'; turn: Turn }
  | { end: 'done' | 'stopped' | 'returned' | 'abandoned' }
  /** It broke while another of its cutovers was at work: that one ends first. */
  | { end: 'ending'; running: AttemptRow };

/** Kinds whose failed undo leaves the service between two sides: the return must not go on past them. */
const holdsTheService = new Set(['switch', 'fence', 'freeze', 'restore', 'stop-service', 'start-service']);

/** What follows an ended attempt in its press. @param members the cutovers of the press, by source id; mostly one */
export function nextOfPress(members: CutoverRows[], ended: AttemptRow, passed: boolean): NextOfPress {
  const rows = members.find(({ cutover }) => cutover.id === ended.cutoverId);
  const places = rows ? walkRunbook(rows.runbook) : [];
  const place = places.find(({ step }) => step.id === ended.stepId);
  if (!rows || !place) return { end: 'stopped' };
  switch (kindOfPress(ended)) {
    case null:
      return { end: 'done' };
    case 'abandon':
      return nextOfAbandon(rows, ended);
    case 'repair': {
      // The row diff runs again by itself; whatever it finds, a person looks next.
      const compared = passed && place.repairs ? places.find(({ step }) => step.id === place.repairs) : undefined;
      return compared ? { verb: 'run', turn: { rows, place: compared } } : { end: 'done' };
    }
    default: {
      const turns = sequenceOf(places, place).flatMap((one) => members.map((each) => ({ rows: each, place: one })));
      return passed ? nextOfSequence(turns, ended) : backOrStop(turns, attemptsOfPress(members, ended), ended);
    }
  }
}

/** None for a step that was pressed alone. */
export const attemptsOfPress = (members: CutoverRows[], { pressId }: AttemptRow): AttemptRow[] =>
  members.flatMap(({ attempts }) => attempts.filter((attempt) => pressId && attempt.pressId === pressId));

const kindOfPress = ({ pressId }: AttemptRow): string | null => pressId?.split(':')[0] ?? null;

function nextOfAbandon(rows: CutoverRows, ended: AttemptRow): NextOfPress {
  if (ended.state !== 'done') return { end: 'stopped' };
  const [left] = placesToTakeBack(rows);
  return left ? { verb: 'undo', turn: { rows, place: left } } : { end: 'abandoned' };
}

const placeOf = (turns: Turn[], ended: AttemptRow): number =>
  turns.findIndex(({ rows, place }) => rows.cutover.id === ended.cutoverId && place.step.id === ended.stepId);

function nextOfSequence(turns: Turn[], ended: AttemptRow): NextOfPress {
  const turn = turns[placeOf(turns, ended) + 1];
  return turn ? { verb: 'run', turn } : { end: 'done' };
}

/** Only the switch returns by itself, and only while users are still held: before a thaw has started. */
function backOrStop(turns: Turn[], own: AttemptRow[], ended: AttemptRow): NextOfPress {
  const ran = ({ rows, place }: Turn): boolean =>
    own.some(
      ({ cutoverId, stepId, verb, startedAt }) =>
        cutoverId === rows.cutover.id && stepId === place.step.id && verb === 'run' && startedAt !== null,
    );
  const letThrough = turns.some((turn) => turn.place.step.kind === 'thaw' && ran(turn));
  if (kindOfPress(ended) !== 'switch' || letThrough) return { end: 'stopped' };
  const running = own.find(({ id, state, startedAt }) => id !== ended.id && isLive(state) && startedAt !== null);
  if (running) return { end: 'ending', running };
  const at = placeOf(turns, ended);
  const here = turns[at];
  if (here && ended.verb === 'run' && ended.startedAt) return { verb: 'undo', turn: here };
  if (here && ended.verb === 'undo' && ended.state !== 'done' && holdsTheService.has(here.place.step.kind))
    return { end: 'stopped' };
  const before = turns.slice(0, at).findLast(ran);
  return before ? { verb: 'undo', turn: before } : { end: 'returned' };
}
