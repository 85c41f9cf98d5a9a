import { wholeMode } from '@/lib/fleet/surfaces';
import type { ProfileStateRow } from '@/db/queries/views/read-profile-states';
import type { WorkerRow } from '@/db/queries/views/read-workers';
import { isGreen } from '@/lib/cutover/derive-gate';
import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { DecisionDto } from '@/lib/views/dto';
import { sourceFiles } from '@/lib/fleet/source-files';
import { formatBytes } from '@/lib/shared/format';
import { readingFreshMs, workerDeadMs } from '@/lib/shared/worker-times';
import type { ReachReading } from '@/lib/shared/reach-reading';
import { isLater } from '@/lib/views/words/acts';
import { stepTitle } from '@/lib/views/words/step-title';
import { ageWords } from '@/lib/views/words/times';
import { toGate } from './gate-list';
import type { OpenCutover } from './open-cutover';

type Check = DecisionDto['checks'][number];
/** A small source still wants room for what is written around it, bytes. */
const leastRoomBytes = 256_000_000n;

type Given = {
  open: OpenCutover;
  act: DecisionDto['act'];
  step: DerivedStep;
  state: ProfileStateRow | null;
  workers: WorkerRow[];
};

/** What the worker last saw and what the gate says, read again each time the card asks. */
export function decisionChecks(given: Given): Check[] {
  const { act } = given;
  if (act === 'override' || act === 'abandon') return [workerCheck(given)];
  // The service may stand on either side where a sequence stopped, and may be down: the press is there to end that.
  if (act === 'switch' && isLater(given.step)) return [planCheck(given), healthCheck(given), workerCheck(given)];
  const common = [planCheck(given), healthCheck(given), modeCheck(given), workerCheck(given)];
  if (act === 'switch')
    return [gateCheck(given), ...stepChecks(given), ...common, targetCheck(given), ...diskChecks(given)];
  return act === 'repair' || act === 'data-rollback' ? [...common, targetCheck(given)] : common;
}

/** A restore in place may be there to bring a service up again that its rows keep down: the hold proves that it is down,
 *  or refuses. One that answers in another mode is still a reason to stop. */
export function closingCheck({ rows: { runbook } }: OpenCutover, checks: readonly Check[]): Check | undefined {
  const inPlace = runbook.from === runbook.to;
  return checks.find(({ key, status }) => {
    if (inPlace && (key === 'health' || (key === 'mode' && status === 'unknown'))) return false;
    return status === 'failed' || status === 'unknown';
  });
}

function gateCheck({ open }: Given): Check {
  const { held, overridden, of } = toGate(open.rows, open.steps, open.summaries);
  return {
    key: 'gate',
    text: 'Gate holds',
    status: held + overridden === of ? 'passed' : 'failed',
    detail: `${held} of ${of}${overridden ? `, ${overridden} overridden` : ''}`,
  };
}

const agoWords = (at: Date, { rows }: OpenCutover): string => `${ageWords(rows.now.getTime() - at.getTime())} ago`;

/** What was read too long ago to say anything about now; null: it is fresh. */
const oldWords = (readAt: Date, open: OpenCutover): string | null =>
  open.rows.now.getTime() - readAt.getTime() > readingFreshMs ? `last read ${agoWords(readAt, open)}` : null;

function stepChecks({ open }: Given): Check[] {
  const { steps } = open;
  const diff = steps.findLast(({ place }) => place.step.kind === 'row-diff' && !place.sequence && place.untilSwitch);
  const sign = steps.find(({ place }) => place.human === 'sign-off' && place.untilSwitch);
  const toCheck = (key: Check['key'], step: DerivedStep, text: string): Check => ({
    key,
    text,
    status: verdictOf(step),
    detail: isGreen(step.status) && step.since ? agoWords(step.since, open) : (step.reason ?? step.status),
  });
  return [
    ...(diff ? [toCheck('row-diff', diff, `${stepTitle(diff.place)} fresh`)] : []),
    ...(sign ? [toCheck('sign-off', sign, "Reviewer's sign-off")] : []),
  ];
}

function verdictOf({ status }: DerivedStep): Check['status'] {
  if (isGreen(status)) return 'passed';
  return status === 'unknown' ? 'unknown' : 'failed';
}

const planCheck = ({ step, open }: Given): Check =>
  step.plan
    ? {
        key: 'plan',
        text: 'Plan made',
        status: 'passed',
        detail: agoWords(step.plan.madeAt, open),
      }
    : {
        key: 'plan',
        text: 'Plan made',
        status: step.planAttempt?.state === 'failed' ? 'failed' : 'running',
        detail: step.planAttempt?.error?.message ?? 'being made',
      };

function healthCheck({ state, open }: Given): Check {
  const named = { key: 'health', text: 'Service healthy' } as const;
  if (!state) return { ...named, status: 'unknown', detail: 'never read' };
  const old = oldWords(state.readAt, open);
  if (old) return { ...named, status: 'unknown', detail: old };
  if (state.healthy === null) return { ...named, status: 'unknown', detail: state.cause ?? 'no answer' };
  return {
    ...named,
    status: state.healthy ? 'passed' : 'failed',
    detail: state.healthy ? `${Math.round(state.latencyMs ?? 0)} ms` : (state.cause ?? 'not ok'),
  };
}

/** Over the surfaces that the cutover moves, where it was planned for some of them. */
export function observedOf(state: Given['state'], surfaces: readonly string[] | undefined): string | null {
  if (!state || !surfaces) return state?.observed ?? null;
  const moved = state.surfaces.surfaces.filter(({ name }) => surfaces.includes(name));
  return wholeMode(moved.map(({ observed }) => observed));
}

function modeCheck({ state, act, open }: Given): Check {
  const { from, to } = open.rows.runbook;
  const expected = act === 'switch' || act === 'repair' || act === 'data-rollback' ? from : to;
  const named = { key: 'mode', text: `Observed mode is ${expected}` } as const;
  const observed = observedOf(state, open.rows.runbook.surfaces);
  if (!state || !observed) return { ...named, status: 'unknown', detail: state?.cause ?? 'no answer' };
  const old = oldWords(state.readAt, open);
  if (old) return { ...named, status: 'unknown', detail: old };
  if (observed !== expected) return { ...named, status: 'failed', detail: observed };
  return { ...named, status: 'passed', detail: `read ${agoWords(state.readAt, open)}` };
}

/** The reading of the target and the disk, or why it says nothing about now. */
function reachOf({ state, open }: Given): { reach: ReachReading } | { why: string } {
  if (!state?.reach) return { why: 'never read' };
  const old = oldWords(new Date(state.reach.at), open);
  return old ? { why: old } : { reach: state.reach };
}

function targetCheck(given: Given): Check {
  const named = { key: 'target', text: 'Target reachable' } as const;
  const read = reachOf(given);
  if ('why' in read) return { ...named, status: 'unknown', detail: read.why };
  const { targetMs, targetProblem } = read.reach;
  return targetMs === null
    ? { ...named, status: 'failed', detail: targetProblem ?? 'no answer' }
    : { ...named, status: 'passed', detail: `${Math.round(targetMs)} ms` };
}

/** A fence writes into the source: its disk must take as much again as the source holds, however it grows. */
function diskChecks(given: Given): Check[] {
  if (!sourceFiles(given.open.rows.entry.profile.source).length) return [];
  const named = { key: 'disk', text: 'Disk for fence' } as const;
  const read = reachOf(given);
  if ('why' in read) return [{ ...named, status: 'unknown', detail: read.why }];
  if (read.reach.freeBytes === null) return [{ ...named, status: 'unknown', detail: 'could not be asked' }];
  const free = BigInt(read.reach.freeBytes);
  const least = given.state?.sourceBytes ?? 0n;
  const enough = free >= (least > leastRoomBytes ? least : leastRoomBytes);
  return [{ ...named, status: enough ? 'passed' : 'failed', detail: `${formatBytes(free)} free` }];
}

function workerCheck({ workers }: Given): Check {
  const alive = workers.filter(({ beatAgeMs }) => beatAgeMs < workerDeadMs);
  return {
    key: 'worker',
    text: 'Worker answers',
    status: alive.length ? 'passed' : 'failed',
    detail: alive.length ? alive.map(({ name }) => name).join(', ') : 'none answers',
  };
}
