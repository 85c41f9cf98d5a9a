import { expect, test } from 'vitest';
import { CutoverError, toFacts } from '@/lib/errors';
import { applyEntry, emptyState } from './journal';

const at = '2026-01-01T00:00:00.000Z';
const refused = new CutoverError({ code: 'constraint_refused', message: 'Refused.', advice: 'Look.' });

test('a step whose undo fails stands as its run left it; while the undo is under way nobody knows', () => {
  const state = emptyState();
  applyEntry(state, { at, what: 'attempt', stepId: 'import', verb: 'run', attemptId: 'a', epoch: 1 });
  applyEntry(state, { at, what: 'verdict', stepId: 'import', passed: true, claims: [], facts: [] });
  applyEntry(state, { at, what: 'moved' });
  applyEntry(state, { at, what: 'attempt', stepId: 'import', verb: 'undo', attemptId: 'b', epoch: 2 });
  expect(state.steps.get('import')?.status).toBe('running');
  applyEntry(state, { at, what: 'failed', stepId: 'import', verb: 'undo', error: toFacts(refused) });
  expect(state).toMatchObject({ movedAt: at, steps: new Map([['import', { status: 'passed' }]]) });
  applyEntry(state, { at, what: 'undone', stepId: 'import' });
  expect(state).toMatchObject({ movedAt: null, steps: new Map() });
});
