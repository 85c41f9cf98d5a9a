import { describe, expect, it } from 'vitest';
import type { AttemptState, CutoverState, VerdictWord } from '@/lib/shared/statuses';
import { runbookFile } from '@/lib/fleet/runbook-schema';
import { asReached } from './as-reached';
import { deriveSteps, stepOf } from './derive-steps';
import type { AttemptRow, CutoverRows } from './rows';

const step = (id: string, kind: string, needs: string[] = []) => ({ id, kind, planned_seconds: 1, needs });
const runbook = runbookFile.parse({
  name: 'r',
  version: '1',
  title: 'r',
  summary: 's',
  from: 'A',
  to: 'B',
  way_back: 'none',
  freeze_limit_seconds: 9,
  phases: [
    { id: 'p', title: 'p', at_seconds: -9, steps: [step('one', 'import'), step('two', 'row-diff', ['one'])] },
    {
      id: 's',
      title: 's',
      at_seconds: 0,
      sequence: true,
      steps: [step('freeze', 'freeze', ['two']), step('thaw', 'thaw', ['freeze'])],
    },
    {
      id: 'w',
      title: 'w',
      at_seconds: 9,
      steps: [{ ...step('look', 'smoke', ['thaw']), not_before_seconds_after_switch: 600 }],
    },
  ],
  rollbacks: { runtime: { title: 'b', steps: [step('back', 'freeze')] } },
});
const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

type Tried = {
  id: string;
  stepId: string;
  state: AttemptState;
  verb?: AttemptRow['verb'];
  verdict?: VerdictWord;
  basis?: Record<string, string>;
  second?: number;
  pressId?: string;
};
function rowsOf(tried: Tried[], state: CutoverState = 'open', switchedAt: Date | null = null): CutoverRows {
  const attempts = tried.map(({ id, stepId, state: own, verb = 'run', basis = {}, second = 1, pressId = null }) => ({
    id,
    stepId,
    state: own,
    verb,
    basis,
    pressId,
    queuedAt: at(second),
    startedAt: own === 'queued' ? null : at(second),
    endedAt: at(second),
    error: null,
    planDigest: null,
  })) as unknown as AttemptRow[];
  const checkpoints = tried
    .filter(({ verdict }) => verdict)
    .map(({ id, stepId, verdict }) => ({
      id: `c-${id}`,
      stepId,
      attemptId: id,
      key: 'k',
      claim: 'It holds',
      verdict: verdict as VerdictWord,
      digest: 'd',
      at: at(1),
    }));
  const cutover = {
    state,
    outsideActAt: null,
    switchedAt,
    runbookDigest: 'd',
    fleetDigest: 'd',
  } as CutoverRows['cutover'];
  return {
    now: at(30),
    cutover,
    runbook,
    entry: {} as CutoverRows['entry'],
    attempts,
    checkpoints,
    plans: [],
    signOffs: [],
    signers: [],
    ticks: [],
    overrides: [],
    secondPersons: [],
    findings: [],
    facts: [],
  };
}
const one = { id: 'a1', stepId: 'one', state: 'done', verdict: 'passed' } as const;

it('is stale from the moment on until which what it rests on counted, and not judged again after T-0', () => {
  const kept = (second: number, state: CutoverState = 'open') => {
    const rows = rowsOf([one], state);
    const fact = { stepId: 'one', name: 'validUntil', value: at(second).toISOString() };
    return stepOf(deriveSteps({ ...rows, facts: [fact] as CutoverRows['facts'] }), 'one');
  };
  expect(kept(31)?.status).toBe('passed');
  expect(kept(30)).toMatchObject({ status: 'stale', reason: expect.stringContaining('counted until 2026-01-01') });
  expect(kept(30, 'switched')?.status).toBe('passed');
});

describe('the status of a step', () => {
  it.each<[string, Tried[], string, string]>([
    ['is ready when nothing was tried and nothing is needed', [], 'one', 'ready'],
    ['is locked while a need is not green', [], 'two', 'locked'],
    ['waits while queued', [{ ...one, state: 'queued', verdict: undefined }], 'one', 'waiting'],
    ['runs while checking', [{ ...one, state: 'checking', verdict: undefined }], 'one', 'running'],
    ['is passed only by a check', [one], 'one', 'passed'],
    ['is unknown when nothing was checked', [{ ...one, verdict: undefined }], 'one', 'unknown'],
    ['is unknown when a check could not tell', [{ ...one, verdict: 'unknown' }], 'one', 'unknown'],
    ['is failed when a check failed', [{ ...one, verdict: 'failed' }], 'one', 'failed'],
    ['is failed when cancelled in mid-run', [{ ...one, state: 'cancelled', verdict: undefined }], 'one', 'failed'],
    [
      'is unknown when an outside act overtook it',
      [{ ...one, state: 'interrupted', verdict: undefined }],
      'one',
      'unknown',
    ],
    [
      'is ready again once taken back',
      [one, { id: 'u', stepId: 'one', state: 'done', verb: 'undo', second: 2 }],
      'one',
      'ready',
    ],
    [
      'stays passed on the ground it was made on',
      [one, { id: 'b1', stepId: 'two', state: 'done', verdict: 'passed', basis: { one: 'a1' } }],
      'two',
      'passed',
    ],
    [
      'is stale when its ground was made anew',
      [
        { ...one, id: 'a2' },
        { id: 'b1', stepId: 'two', state: 'done', verdict: 'passed', basis: { one: 'a1' } },
      ],
      'two',
      'stale',
    ],
    [
      'is stale while its ground is being made anew',
      [
        one,
        { id: 'b1', stepId: 'two', state: 'done', verdict: 'passed', basis: { one: 'a1' } },
        { id: 'a2', stepId: 'one', state: 'running', second: 2 },
      ],
      'two',
      'stale',
    ],
    ['follows in a sequence, never by its own press', [], 'thaw', 'locked'],
  ])('%s', (_, tried, id, status) => {
    expect(stepOf(deriveSteps(rowsOf(tried)), id)?.status).toBe(status);
  });

  it('counts down to its earliest start after T-0', () => {
    const green = ['one', 'two', 'freeze', 'thaw'].map(
      (stepId, n): Tried => ({ id: stepId, stepId, state: 'done', verdict: 'passed', second: n }),
    );
    const look = stepOf(deriveSteps(rowsOf(green, 'switched', at(10))), 'look');
    expect(look).toMatchObject({ status: 'waiting', gate: { open: false, opensAt: at(610) } });
  });

  it('of what led to the switch is history once switched: never stale, never run again', () => {
    const rows = rowsOf(
      [
        { ...one, id: 'a2' },
        { id: 'b1', stepId: 'two', state: 'done', verdict: 'passed', basis: { one: 'a1' } },
      ],
      'switched',
      at(10),
    );
    const two = stepOf(deriveSteps(rows), 'two');
    expect(two?.status).toBe('passed');
    expect(two?.acts.find(({ act }) => act === 'retry')?.refused?.code).toBe('state_forbids');
  });
});

describe('an abandoned cutover, looked back on', () => {
  const two: Tried = { id: 'b1', stepId: 'two', state: 'done', verdict: 'failed', basis: { one: 'a1' }, second: 5 };
  const back: Tried[] = ['two', 'one'].map((stepId, no) => ({
    id: `u-${stepId}`,
    stepId,
    state: 'done',
    verb: 'undo',
    second: 20 + no,
    pressId: 'abandon:1',
  }));
  const rows = rowsOf([one, two, ...back], 'abandoned');
  const steps = asReached(rows, deriveSteps(rows));

  it('shows what each step had reached, by the run that reached it, and when that was taken back', () => {
    expect(stepOf(steps, 'one')).toMatchObject({
      status: 'passed',
      reason: 'Taken back at 2026-01-01T00:00:21.000Z.',
      since: at(1),
      attempt: { id: 'a1', verb: 'run' },
    });
    expect(stepOf(steps, 'two')).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('It holds'),
      attempt: { id: 'b1', verb: 'run' },
    });
  });

  it('offers nothing to press, and leaves what was never begun locked', () => {
    expect(stepOf(steps, 'freeze')).toMatchObject({ status: 'locked', reason: 'The cutover is abandoned.' });
    expect(steps.flatMap(({ acts }) => acts)).toEqual([]);
    expect(steps.some(({ gate }) => gate.open)).toBe(false);
  });

  it('leaves the steps of any other cutover as they are', () => {
    const open = rowsOf([one, two]);
    const now = deriveSteps(open);
    expect(asReached(open, now)).toBe(now);
  });
});
