import { expect, it } from 'vitest';
import { switching } from '@/lib/testing/decision-fixtures';
import { runningImport } from '@/lib/testing/wizard-import';
import type { ActDto, WizardDto } from '@/lib/views/dto';
import { cardIsOver } from './card-is-over';

const card = (act: 'switch' | 'rollback' | 'close' | 'abandon', stepId: string | null = null) => ({ act, stepId });
const at = (state: WizardDto['state'], more: Partial<WizardDto> = {}): WizardDto => ({
  ...runningImport,
  exit: null,
  extra: [],
  state,
  ...more,
});
const passed = (stepId: string): Partial<WizardDto> => ({
  phases: runningImport.phases.map((phase) => ({
    ...phase,
    steps: phase.steps.map((step) => (step.id === stepId ? { ...step, status: 'passed' } : step)),
  })),
});

it('offers nothing over a cutover that has ended, whatever the history asks for', () => {
  for (const act of ['switch', 'rollback', 'close', 'abandon'] as const)
    expect([cardIsOver(at('closed'), card(act)), cardIsOver(at('abandoned'), card(act))]).toEqual([true, true]);
});

it('shuts a switch and a rollback that were made, and keeps those that are still to come', () => {
  expect([cardIsOver(at('switched'), card('switch')), cardIsOver(at('open'), card('switch'))]).toEqual([true, false]);
  expect([cardIsOver(at('rolled_back'), card('rollback')), cardIsOver(at('switched'), card('rollback'))]).toEqual([
    true,
    false,
  ]);
  const [first] = runningImport.phases.flatMap(({ steps }) => steps);
  const stepId = first?.id ?? '';
  expect(cardIsOver(at('open', passed(stepId)), card('switch', stepId))).toBe(true);
});

it('keeps a press open that the page offers again', () => {
  const act: ActDto = {
    act: 'retry',
    label: 'Retry',
    consequence: '',
    disabledReason: null,
    card: true,
    danger: true,
    stepId: 'import',
    planDigest: 'd1',
    seenAttempt: null,
  };
  const view = at('open', passed('import'));
  expect(cardIsOver(view, card('switch', 'import'))).toBe(true);
  expect(cardIsOver({ ...view, extra: [act] }, card('switch', 'import'))).toBe(false);
});

it('shuts the card of a press as soon as the press runs, so that it does not stand there again when it comes back', () => {
  expect(cardIsOver(at('open', { strip: switching.strip }), card('switch', 'freeze'))).toBe(true);
  expect(cardIsOver(at('switched', { strip: switching.strip }), card('rollback'))).toBe(true);
});
