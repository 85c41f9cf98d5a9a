import { expect, it } from 'vitest';
import { checkCounts, sortChecks } from './check-order';

const check = (name: string, status: 'passed' | 'failed' | 'unknown') => ({
  name,
  status,
  detail: '',
  advice: null,
  code: null,
  at: null,
});
const checks = [check('a', 'passed'), check('b', 'unknown'), check('c', 'failed'), check('d', 'passed')];

it('puts what fails first, then what is unknown, and keeps the order inside', () =>
  expect(sortChecks(checks).map(({ name }) => name)).toEqual(['c', 'b', 'a', 'd']));
it('counts unknown apart from passed', () => expect(checkCounts(checks)).toBe('2 passed, 1 failed, 1 unknown'));
it('says only what there is', () => expect(checkCounts(checks.slice(0, 1))).toBe('1 passed'));
