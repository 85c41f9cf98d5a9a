import { expect, it } from 'vitest';
import { runningImport } from '@/lib/testing/wizard-import';
import type { WizardDto } from '@/lib/views/dto';
import { closedByPress, type OwnPress, owedPress, owedWords, pressMark } from './own-press';

const before: WizardDto = {
  ...runningImport,
  state: 'open',
  strip: null,
  phases: runningImport.phases.map((phase) => ({
    ...phase,
    steps: phase.steps.map((step) => ({ ...step, running: false })),
  })),
};
const withFirst = (more: object): WizardDto => ({
  ...before,
  phases: before.phases.map((phase, at) =>
    at === 0 ? { ...phase, steps: phase.steps.map((step, no) => (no === 0 ? { ...step, ...more } : step)) } : phase,
  ),
});
const pressed = (act: OwnPress['act']): OwnPress => ({
  act,
  label: 'Switch now',
  busy: 'Switching…',
  seen: pressMark(before, act),
});

it('holds a press as long as the page is the one it was pressed on, and lets go with the first sign of it', () => {
  const press = pressed('switch');
  const attempts = (before.phases[0]?.steps[0]?.attempts ?? 0) + 1;
  expect(owedPress(press, { ...before, now: '2030-01-01T00:00:00Z', cursor: before.cursor + 1 } as WizardDto)).toBe(
    press,
  );
  expect(owedPress(press, withFirst({ attempts }))).toBeNull();
  expect(owedPress(press, withFirst({ running: true }))).toBeNull();
  expect(owedPress(press, { ...before, state: 'abandoned' })).toBeNull();
  expect(owedPress(null, before)).toBeNull();
});

it('sees a plan in what comes next, since it is no attempt of the step', () => {
  const next = { ...before.next, rest: 'Its plan is being made.' };
  expect([owedPress(pressed('plan'), before), owedPress(pressed('plan'), { ...before, next })]).toEqual([
    pressed('plan'),
    null,
  ]);
});

it('closes every other act meanwhile, but never the way back', () => {
  const press = pressed('switch');
  expect([closedByPress(press, 'run'), closedByPress(press, 'abandon')]).toEqual([
    expect.stringContaining('Switch now'),
    expect.stringContaining('Switch now'),
  ]);
  expect([closedByPress(press, 'rollback'), closedByPress(press, 'cancel'), closedByPress(null, 'run')]).toEqual([
    null,
    null,
    null,
  ]);
  expect(closedByPress(pressed('rollback'), 'rollback')).toBeTruthy();
});

it('says at its limit that nothing is known, instead of a promise', () => {
  expect(owedWords(pressed('switch'), false)).toMatchObject({ lead: 'Switching…' });
  expect(owedWords(pressed('switch'), true)).toMatchObject({
    lead: 'Nothing is known yet.',
    rest: expect.stringMatching(/after 15 s\. Look again/),
  });
});
