import { expect, it } from 'vitest';
import { unreadOf } from './unread';

const error = { code: 'source_not_json', message: 'tasks.json ends at 272:7.', advice: 'Put it back.' };
const file = { source: { kind: 'json-store' as const, path: '/data', stays: [], records: [] } } as never;
const live = { source: { kind: 'target-schema' as const } } as never;
const state = { countedAt: new Date(), sourceBytes: null, error };

it('says why a source could not be read, and nothing before the first look or where it was read', () => {
  expect(unreadOf(state, file)).toEqual(error);
  expect(unreadOf({ ...state, error: null }, file)?.message).toBe('The source could not be read.');
  expect(unreadOf({ ...state, countedAt: null }, file)).toBeNull();
  // The target's own error is no reason to call the source unread.
  expect(unreadOf({ ...state, sourceBytes: 12n }, file)).toBeNull();
  expect([unreadOf(null, file), unreadOf(state, live)]).toEqual([null, null]);
});
