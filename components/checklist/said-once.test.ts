import { expect, it } from 'vitest';
import type { AttemptDto, WizardDto } from '@/lib/views/dto';
import { cellText } from '@/components/decision/strip-words';
import { isSameError, linesBeside, sentenceRest } from './said-once';

const message = 'Nothing answers at 127.0.0.1:5439.';
const broke = {
  next: { stepId: 'import', rest: message },
  step: { id: 'import', status: 'failed', running: false, moves: [] },
} as unknown as WizardDto;

it('tells an error whole once: in the panel of its step, and by the sentence where that is not in sight', () => {
  expect(sentenceRest(broke, message, true)).toBe('');
  expect(sentenceRest(broke, message, false)).toBe(message);
  const other = { ...broke, step: { ...broke.step, id: 'preflight' } };
  expect(sentenceRest(other, message, true)).toBe(message);
  const cell = {
    stepId: 'fence',
    title: 'Fence',
    state: 'failed' as const,
    ms: 4,
    startedAt: null,
    detail: 'Taken back.',
  };
  expect(cellText({ ...cell, error: message }, `It stopped. ${message}`)).toBe('Taken back. What broke stands above.');
  expect(cellText({ ...cell, error: message }, '')).toBe(`Taken back. ${message}`);
});

it('leaves the lines that led to it, and knows the same error of a plan again', () => {
  const tail = [`target_unreachable: ${message}`, 'batch 40 committed'].map((text, seq) => ({ seq, text }));
  const lines = linesBeside({ tail, error: { message } } as unknown as AttemptDto);
  expect(lines.map(({ text }) => text)).toEqual(['batch 40 committed']);
  expect(isSameError({ code: 'a', message }, { code: 'a', message: message.slice(0, -1) })).toBe(true);
  expect(isSameError({ code: 'a', message }, { code: 'b', message })).toBe(false);
  expect(isSameError(null, null)).toBe(false);
});
