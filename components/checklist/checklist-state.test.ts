import { describe, expect, it } from 'vitest';
import { failedImport, runningImport } from '@/lib/testing/wizard-import';
import type { ActDto, StepDetailDto } from '@/lib/views/dto';
import { actTarget } from './act-target';
import { shownMoves } from './extra-acts';
import { noPlanWords } from './no-plan-words';
import { foldedPhases, railScaleMs, railTone, stepCount } from './rail-model';
import { defaultTab, mayJump, placeQuery, readPlace } from './wizard-url';

const act = (name: ActDto['act'], more: Partial<ActDto> = {}): ActDto => ({
  act: name,
  label: name,
  consequence: '',
  disabledReason: null,
  card: false,
  danger: false,
  stepId: 'import',
  planDigest: 'd1',
  seenAttempt: null,
  ...more,
});
const step = (status: StepDetailDto['status'], more: Partial<StepDetailDto> = {}): StepDetailDto => ({
  ...runningImport.step,
  running: status === 'running',
  status,
  ...more,
});

describe('a step without a plan', () => {
  const back = { state: 'rolled_back', exit: act('abandon'), extra: [act('data-rollback')] } as const;
  const words = (more: object) => noPlanWords({ ...runningImport, ...more });
  it('promises one only while it still comes', () => {
    expect(words({ state: 'switched' })).toMatch(/^No plan yet\. It is made as soon as/);
    for (const state of ['rolled_back', 'abandoned', 'closed'])
      expect(words({ ...back, state })).not.toMatch(/yet|as soon as/);
  });
  it('says after a rollback what can be done, and only what can be pressed', () => {
    expect(words(back)).toMatch(/What is left: roll the data back, or abandon this cutover and plan a new one\.$/);
    expect(words({ ...back, extra: [act('data-rollback', { disabledReason: 'Its plan is being made.' })] })).toMatch(
      /What is left: abandon this cutover and plan a new one\.$/,
    );
  });
});

it('shows an act that rewrites rows once: as the primary, or among the safe moves', () => {
  const [repair, retry] = [act('repair', { danger: true, card: true }), act('retry')];
  const shown = (first: ActDto) =>
    shownMoves({ step: step('failed', { moves: [repair, retry] }), next: { ...runningImport.next, act: first } });
  expect([shown(repair), shown(retry)]).toEqual([[retry], [repair, retry]]);
});

describe('what a press means', () => {
  it.each([
    ['run', 'form', 'run'],
    ['retry', 'form', 'run'],
    ['repair', 'form', 'run'],
    ['plan', 'form', 'plan'],
    ['confirm-outside', 'form', 'confirm-outside'],
  ] as const)('%s posts the %s of its step', (name, kind, action) => {
    expect(actTarget(act(name), runningImport)).toMatchObject({
      kind,
      action,
      fields: { cutoverId: runningImport.id },
    });
  });
  it('carries the digest of the plan that was seen', () => {
    expect(actTarget(act('run'), runningImport)).toMatchObject({ fields: { stepId: 'import', planDigest: 'd1' } });
  });
  it('is bound to the newest attempt that was seen', () => {
    const seenOf = (seenAttempt: string | null) => actTarget(act('run', { seenAttempt }), runningImport);
    expect([seenOf(null), seenOf('a1')]).toMatchObject([
      { fields: { seenAttempt: 'none' } },
      { fields: { seenAttempt: 'a1' } },
    ]);
  });
  it('cancels the attempt that is live', () => {
    expect(actTarget(act('cancel'), runningImport)).toMatchObject({
      fields: { attemptId: runningImport.step.attemptsList.at(-1)?.id },
    });
  });
  it.each([
    ['run', 'switch'],
    ['rollback', 'rollback'],
    ['abandon', 'abandon'],
    ['close', 'close'],
    ['override', 'override'],
  ] as const)('a dangerous %s only opens the card %s', (name, card) =>
    expect(actTarget(act(name, { card: true }), runningImport)).toMatchObject({ kind: 'card', act: card }),
  );
  it('a sign-off is made on the reviews page', () =>
    expect(actTarget(act('sign-off'), runningImport)).toMatchObject({ kind: 'link' }));
});

describe('which tab opens', () => {
  const checkpoint = {
    ...failedImport.step.checkpoints[0],
    id: 'k',
    key: 'k',
    claim: 'x',
    verdict: 'passed',
    evidence: { summary: '' },
    at: '',
    digest: '',
    stale: false,
  } as const;
  it.each([
    ['ready', step('ready'), 'plan'],
    ['locked', step('locked', { attemptsList: [] }), 'plan'],
    ['running', step('running'), 'log'],
    ['passed', step('passed', { checkpoints: [checkpoint] }), 'checkpoints'],
    ['failed without a verdict', step('failed', { checkpoints: [], findings: [] }), 'log'],
    ['failed with one', step('failed', { checkpoints: [checkpoint] }), 'checkpoints'],
    ['stale', step('stale', { checkpoints: [checkpoint] }), 'checkpoints'],
  ] as const)('a %s step', (_, given, tab) => expect(defaultTab(given)).toBe(tab));
});

describe('the address', () => {
  it('keeps step, tab and card', () => {
    const place = readPlace(new URLSearchParams('?step=import&tab=plan&card=rollback&of=x'));
    expect(placeQuery(place)).toBe('?step=import&tab=plan&card=rollback&of=x');
    expect(placeQuery(readPlace(new URLSearchParams('?tab=nonsense&card=drop')))).toBe('');
  });
  it('follows the current step until another is chosen', () => {
    const at = (stepId: string | null) => mayJump({ stepId, tab: null, card: null }, 'import');
    expect([at(null), at('import'), at('smoke')]).toEqual([false, false, true]);
  });
});

describe('the timeline', () => {
  it('folds what is far ahead, never what is chosen or was touched', () => {
    const folded = foldedPhases(runningImport.phases, 'import', 'import');
    expect([folded.has('watch'), folded.has('close'), folded.has('smoke'), folded.has('safety')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(foldedPhases(runningImport.phases, 'import', 'log-scan').has('watch')).toBe(false);
  });
  it('counts the walk without the rollbacks', () => expect(stepCount(runningImport.phases)).toBe(18));
  it('keeps one scale that a runaway step cannot flatten', () => {
    const phases = structuredClone(runningImport.phases);
    const scale = railScaleMs(phases);
    for (const phase of phases) for (const one of phase.steps) if (one.id === 'import') one.actualMs = 9_000_000;
    expect(railScaleMs(phases)).toBeLessThanOrEqual(scale * 2);
  });
  it('turns amber past twice the plan', () => {
    const row = { ...runningImport.step, running: true, plannedMs: 1000 };
    expect([railTone(row, 1900), railTone(row, 2100)]).toEqual(['moving', 'late']);
  });
});
