import { type Because, becauseWords } from './because';
import type { Gate } from './derive-gate';
import type { DerivedStep, Status } from './derive-steps';
import { changedParts, type Fingerprint } from './fingerprint';
import type { CutoverRows } from './rows';
import { roleStands, rolesWords } from './sign-off-roles';
import type { Place } from './walk-runbook';

type Human = Status & Pick<DerivedStep, 'signOff' | 'signRoles' | 'greenBy'>;

export function deriveHuman(rows: CutoverRows, place: Place, gate: Gate, fingerprint: Fingerprint): Human {
  return place.human === 'sign-off'
    ? signOffStatus(rows, place, gate, fingerprint)
    : checklistStatus(rows, place, gate);
}

function signOffStatus(rows: CutoverRows, place: Place, gate: Gate, fingerprint: Fingerprint): Human {
  const signOff = rows.signOffs.findLast(({ stepId }) => stepId === place.step.id) ?? null;
  const signRoles = roleStands(rows, place, fingerprint);
  if (signRoles.length) return rolesStatus({ rows, place, gate, fingerprint, signOff, signRoles });
  const is = (status: Status['status'], reason: string | null, since: Date | null, because?: Because): Human => ({
    status,
    reason: because ? becauseWords(because) : reason,
    because: because ?? null,
    since,
    signOff,
    signRoles,
    greenBy: status === 'passed' && signOff ? signOff.id : null,
  });
  if (signOff?.decision === 'signed' && isPast(rows, place)) return is('passed', null, signOff.at);
  if (!signOff)
    return gate.open ? is('waiting', "Waits for a reviewer's sign-off.", null) : is('locked', gate.reason, null);
  const changed = changedParts(signOff.parts, fingerprint.parts);
  if (signOff.decision === 'rejected') {
    const no = rejection(signOff, null, gate.open ? changed : [], gate.open);
    return is(gate.open ? 'waiting' : 'failed', null, signOff.at, no);
  }
  if (gate.missing.length > 0) return is('stale', `Signed, but stale: ${gate.reason}`, signOff.at);
  if (signOff.fingerprint !== fingerprint.digest)
    return is('stale', `Signed, but stale: ${changed.join(', ')} changed.`, signOff.at);
  return is('passed', null, signOff.at);
}

const rejection = (
  { reason }: NonNullable<Human['signOff']>,
  as: string | null,
  changed: string[],
  again: boolean,
): Because => ({ why: 'rejected', reason: reason ?? (as ? 'no reason.' : 'no reason'), as, changed, again });

/** What it opened has happened: it is history, and not judged again. */
function isPast({ cutover: { state } }: CutoverRows, place: Place): boolean {
  return place.untilSwitch ? state !== 'planned' && state !== 'open' : state === 'closed';
}

type RolesGiven = {
  rows: CutoverRows;
  place: Place;
  gate: Gate;
  fingerprint: Fingerprint;
  signOff: Human['signOff'];
  signRoles: Human['signRoles'];
};

/** Signed when every role is. One that lacks, rejected or signed something else keeps the gate shut. */
function rolesStatus({ rows, place, gate, fingerprint, signOff, signRoles }: RolesGiven): Human {
  const is = (status: Status['status'], reason: string | null, because?: Because): Human => ({
    status,
    reason: because ? becauseWords(because) : reason,
    because: because ?? null,
    since: signOff?.at ?? null,
    signOff,
    signRoles,
    greenBy: status === 'passed' ? signRoles.map((role) => role.signOff?.id).join('+') : null,
  });
  if (isPast(rows, place) && signRoles.every((role) => role.signOff?.decision === 'signed')) return is('passed', null);
  const rejected = signRoles.find(({ stands }) => stands === 'rejected');
  if (rejected?.signOff) {
    const changed = gate.open ? changedParts(rejected.signOff.parts, fingerprint.parts) : [];
    return is(gate.open ? 'waiting' : 'failed', null, rejection(rejected.signOff, rejected.title, changed, gate.open));
  }
  if (!signOff) return gate.open ? is('waiting', rolesWords(signRoles)) : is('locked', gate.reason);
  if (gate.missing.length > 0) return is('stale', `Signed, but stale: ${gate.reason}`);
  const stale = signRoles.find(({ stands }) => stands === 'stale');
  if (stale?.signOff) {
    const changed = changedParts(stale.signOff.parts, fingerprint.parts);
    return is('stale', `Signed as ${stale.title}, but stale: ${changed.join(', ')} changed.`);
  }
  return signRoles.every(({ stands }) => stands === 'signed')
    ? is('passed', null)
    : is('waiting', rolesWords(signRoles));
}

export type ChecklistItem = { id: string; text: string; evidence?: string };
export const checklistItems = (place: Place): ChecklistItem[] =>
  (place.step.params.items as ChecklistItem[] | undefined) ?? [];

function checklistStatus(rows: CutoverRows, place: Place, gate: Gate): Human {
  const items = checklistItems(place);
  const ticks = rows.ticks.filter(
    ({ stepId, itemId }) => stepId === place.step.id && items.some(({ id }) => id === itemId),
  );
  const since = ticks.at(-1)?.at ?? null;
  const complete = items.length > 0 && ticks.length === items.length;
  // A closed gate locks what is still to do; what people have ticked stays ticked once the cutover has ended.
  if (complete && (gate.open || rows.cutover.state === 'closed'))
    return { status: 'passed', reason: null, since, signOff: null, signRoles: [], greenBy: `ticked:${place.step.id}` };
  if (!gate.open) return { status: 'locked', reason: gate.reason, since, signOff: null, signRoles: [], greenBy: null };
  return {
    status: 'ready',
    reason: `${ticks.length} of ${items.length} ticked.`,
    since,
    signOff: null,
    signRoles: [],
    greenBy: null,
  };
}
