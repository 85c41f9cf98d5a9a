import { describe, expect, it } from 'vitest';
import { auditHref, filterWords, readAuditQuery, tellsOfFailure, withFilter } from './audit-query';

describe('filters of the audit list', () => {
  it('reads only what is a filter, and leaves out what is empty or no number', () => {
    const given = new URLSearchParams('act=press&role=&before=12x&search=%20assets_1%20&other=1');
    expect(readAuditQuery((name) => given.get(name))).toEqual({ act: 'press', search: 'assets_1' });
  });
  it('starts at the newest entry when a filter changes, and keeps the others', () =>
    expect(withFilter({ act: 'press', before: '40' }, { role: 'admin' })).toEqual({ act: 'press', role: 'admin' }));
  it('goes further back without losing a filter', () =>
    expect(withFilter({ act: 'press' }, { before: '40' })).toEqual({ act: 'press', before: '40' }));
  it('takes a filter away with an empty value', () =>
    expect(auditHref(withFilter({ act: 'press' }, { act: '' }))).toBe('?'));
  it('names what hides entries', () =>
    expect(filterWords({ act: 'press', search: 'x', before: '3' })).toBe('act:press, search:x'));
  it.each([
    ['attempt-ended', 'Import failed: value too long', true],
    ['attempt-ended', 'Import passed', false],
    ['rollback', 'Rolled back to SQLITE', true],
    ['sign-off', 'Rejected: the note is cut', true],
    ['press', 'Pressed a button that is called failed', false],
  ])('%s, %j: failure %s', (act, what, failure) => expect(tellsOfFailure(act, what)).toBe(failure));
});
