import { expect, it } from 'vitest';
import { keepDraft, readDraft } from './use-draft';

it('keeps what was typed by the name of what it is about, and forgets it once it was sent', () => {
  keepDraft('note c1', 'half a sent');
  keepDraft('note c2', 'another');
  expect([readDraft('note c1'), readDraft('note c2'), readDraft('note c3')]).toEqual(['half a sent', 'another', '']);
  keepDraft('note c1', '');
  expect([readDraft('note c1'), readDraft('note c2')]).toEqual(['', 'another']);
});
