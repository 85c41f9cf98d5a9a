import { expect, it } from 'vitest';
import { checkCounts, foldChecks, sortChecks } from './check-order';

const check = (name: string, status: 'passed' | 'failed' | 'unknown', kind: 'console' | 'secret' = 'console') => ({
  kind,
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
it('folds what passed by the dozen, and never what does not hold', () => {
  const secrets = ['k', 'l', 'm', 'n'].map((name) => check(name, 'passed', 'secret'));
  const { shown, folded } = foldChecks([...secrets, check('missing', 'failed', 'secret'), check('a', 'passed')]);
  expect(shown.map(({ name }) => name)).toEqual(['missing', 'a']);
  expect(folded.map(({ title, checks: inside }) => [title, inside.length])).toEqual([['Secrets', 4]]);
  expect(foldChecks(secrets.slice(1)).folded).toEqual([]);
  const silent = secrets.map((secret) => ({ ...secret, status: 'unknown' as const }));
  expect(foldChecks(silent)).toMatchObject({ shown: [], folded: [{ status: 'unknown', checks: silent }] });
});
