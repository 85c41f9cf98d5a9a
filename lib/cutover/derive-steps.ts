import type { StepStatus } from '@/lib/shared/statuses';
import { isLive } from '@/lib/shared/statuses';
import { type Because, becauseWords } from './because';
import { deriveActs, type DerivedAct } from './derive-acts';
import { repairIdOf } from '@/lib/fleet/repair-step';
import { differingDiff, gateOf, isGreen, type Gate } from './derive-gate';
import { deriveHuman } from './derive-human';
import { coveredSteps, fingerprintOf, type Fingerprint } from './fingerprint';
import type { AttemptRow, CutoverRows, PlanHead } from './rows';
import type { RoleStand } from './sign-off-roles';
import { titleOf, walkRunbook, type Place } from './walk-runbook';

export type Status = {
  status: StepStatus;
  reason: string | null;
  /** The reason in parts, of what failed or was rejected. */
  because?: Because | null;
  since: Date | null;
};
export type DerivedStep = Status & {
  id: string;
  place: Place;
  gate: Gate;
  /** What made it green: an attempt, an override or a sign-off. Others bind themselves to it. */
  greenBy: string | null;
  /** Newest run, check or undo that was started or still waits; null when nothing was tried. */
  attempt: AttemptRow | null;
  /** Queued or under way, of any verb. */
  live: AttemptRow | null;
  plan: PlanHead | null;
  planAttempt: AttemptRow | null;
  /** Of a sign-off step: what a signature now would be bound to. */
  fingerprint: Fingerprint | null;
  /** The newest decision. */
  signOff: CutoverRows['signOffs'][number] | null;
  /** Where each of its roles stands; empty where one reviewer decides. */
  signRoles: RoleStand[];
  override: CutoverRows['overrides'][number] | null;
  acts: DerivedAct[];
};

/** The one place where a status comes from: rows in, every step's status out, in the order of the runbook. */
export function deriveSteps(rows: CutoverRows): DerivedStep[] {
  const places = new Map(walkRunbook(rows.runbook).map((place) => [place.step.id, place]));
  const done = new Map<string, DerivedStep>();
  const look = (id: string): DerivedStep | null => {
    const place = places.get(id);
    if (!place) return null;
    let found = done.get(id);
    if (!found) {
      found = deriveStep(rows, place, places, look);
      done.set(id, found);
    }
    return found;
  };
  const steps = [...places.keys()].map((id) => look(id)).filter((step) => step !== null);
  for (const step of steps) step.acts = deriveActs(rows, step, steps);
  return steps;
}

export const stepOf = (steps: DerivedStep[], id: string): DerivedStep | null =>
  steps.find((step) => step.id === id) ?? null;

/** The newest press of a step that is no plan, whatever became of it: what a page has seen of the step. */
export const lastPressed = ({ attempts }: CutoverRows, stepId: string): AttemptRow | null =>
  attempts.findLast((attempt) => attempt.stepId === stepId && attempt.verb !== 'plan') ?? null;

function deriveStep(
  rows: CutoverRows,
  place: Place,
  places: Map<string, Place>,
  look: (id: string) => DerivedStep | null,
): DerivedStep {
  const id = place.step.id;
  const own = rows.attempts.filter((attempt) => attempt.stepId === id);
  const tried = own.filter(({ verb, state, startedAt }) => verb !== 'plan' && (startedAt !== null || isLive(state)));
  const attempt = tried.at(-1) ?? null;
  const gate = gateOf(rows, place, look);
  const repairing = place.repairs ? null : repairOf(rows, id);
  // What a repair would rewrite is listed after each row diff anew.
  const plannedAfter = place.repairs ? (differingDiff(rows, place.repairs)?.endedAt ?? null) : null;
  const base = {
    id,
    place,
    gate,
    attempt,
    live: own.find(({ state }) => isLive(state)) ?? repairing,
    plan:
      rows.plans.findLast(({ stepId, madeAt }) => stepId === id && (!plannedAfter || madeAt > plannedAfter)) ?? null,
    planAttempt: own.findLast(({ verb }) => verb === 'plan') ?? null,
    fingerprint: null,
    signOff: null,
    signRoles: [],
    override: null,
    acts: [],
  };
  if (place.human) {
    const fingerprint = fingerprintOf(rows, coveredSteps(places, place), (stepId) => look(stepId)?.greenBy ?? null);
    return {
      ...base,
      ...deriveHuman(rows, place, gate, fingerprint),
      fingerprint: place.human === 'sign-off' ? fingerprint : null,
    };
  }
  const override =
    rows.overrides.findLast(({ stepId, attemptId }) => stepId === id && attemptId === attempt?.id) ?? null;
  const status: Status = repairing
    ? { status: 'running', reason: 'The rows that differ are being repaired.', since: repairing.startedAt }
    : statusOf(rows, place, gate, tried, override);
  const stale = isGreen(status.status) ? staleReason(rows, place, attempt, look) : null;
  const shown: Status = stale ? { status: 'stale', reason: stale, since: status.since } : status;
  const greenBy = !isGreen(shown.status)
    ? null
    : shown.status === 'overridden'
      ? `override:${override?.id}`
      : (attempt?.id ?? null);
  return { ...base, ...shown, override, greenBy };
}

/** A repair of this row diff, queued or under way. */
const repairOf = (rows: CutoverRows, stepId: string): AttemptRow | null =>
  rows.attempts.find(
    (attempt) => attempt.stepId === repairIdOf(stepId) && attempt.verb !== 'plan' && isLive(attempt.state),
  ) ?? null;

function statusOf(
  rows: CutoverRows,
  place: Place,
  gate: Gate,
  tried: AttemptRow[],
  override: DerivedStep['override'],
): Status {
  const last = tried.at(-1);
  if (!last) return untried(place, gate);
  if (isLive(last.state)) {
    return last.state === 'queued'
      ? { status: 'waiting', reason: 'Queued for a worker.', since: last.queuedAt }
      : { status: 'running', reason: last.state === 'cancelling' ? 'Being cancelled.' : null, since: last.startedAt };
  }
  if (override?.confirmedBy)
    return { status: 'overridden', reason: `Overridden: ${override.reason}`, since: override.confirmedAt };
  const since = last.endedAt;
  if (last.state === 'cancelled') return { status: 'failed', reason: 'Cancelled by a person; a retry resumes.', since };
  if (last.state === 'interrupted')
    return { status: 'unknown', reason: 'Overtaken by an act outside the console.', since };
  if (last.state === 'failed') {
    const message = last.error?.message ?? 'no reason was recorded';
    return brokeBy('failed', { why: last.verb === 'undo' ? 'undo-failed' : 'failed', message }, since);
  }
  if (last.verb === 'undo') {
    const before = tried.findLast(({ verb }) => verb !== 'undo');
    if (before && before.pressId === last.pressId && !verdictPassed(rows, before))
      return brokeBy('failed', { why: 'returned', message: before.error?.message ?? 'a check did not pass' }, since);
    return { ...untried(place, gate), since };
  }
  return fromVerdict(rows, last);
}

const brokeBy = (status: 'failed' | 'unknown', because: Because, since: Date | null): Status => ({
  status,
  reason: becauseWords(because),
  because,
  since,
});

function untried(place: Place, gate: Gate): Status {
  if (!gate.open) return { status: gate.opensAt ? 'waiting' : 'locked', reason: gate.reason, since: null };
  if (place.sequence && place.index > 0)
    return { status: 'locked', reason: 'Follows by itself in its sequence.', since: null };
  return { status: 'ready', reason: null, since: null };
}

const verdictPassed = (rows: CutoverRows, attempt: AttemptRow): boolean =>
  attempt.state === 'done' && fromVerdict(rows, attempt).status === 'passed';

function fromVerdict(rows: CutoverRows, attempt: AttemptRow): Status {
  const own = rows.checkpoints.filter(({ attemptId }) => attemptId === attempt.id);
  const bad = own.find(({ verdict }) => verdict === 'failed') ?? own.find(({ verdict }) => verdict === 'unknown');
  const since = attempt.endedAt;
  if (bad)
    return brokeBy(bad.verdict === 'failed' ? 'failed' : 'unknown', { why: 'not-shown', claim: bad.claim }, since);
  if (own.length === 0) return { status: 'unknown', reason: 'Nothing was checked.', since };
  return { status: 'passed', reason: null, since };
}

/** A green step whose ground has moved. What led to the switch is history once switched, and is not judged again. */
function staleReason(
  rows: CutoverRows,
  place: Place,
  attempt: AttemptRow | null,
  look: (id: string) => DerivedStep | null,
): string | null {
  const { state } = rows.cutover;
  if (
    place.group !== 'main' ||
    (state !== 'planned' && state !== 'open' && (place.untilSwitch || state !== 'switched'))
  )
    return null;
  const until = rows.facts.find(({ stepId, name }) => stepId === place.step.id && name === 'validUntil')?.value;
  if (typeof until === 'string' && new Date(until) <= rows.now)
    return `Stale: what it rests on counted until ${until}.`;
  for (const id of place.needs) {
    const need = look(id);
    if (!need) continue;
    if (!isGreen(need.status)) return `Stale: ${titleOf(need.place)} is ${need.status}.`;
    if (attempt?.basis[id] !== need.greenBy) return `Stale: ${titleOf(need.place)} ran again.`;
  }
  return null;
}
