import { expect, it } from 'vitest';
import { parseDsn } from '@/lib/dataplane/connect-target';
import { targetError } from '@/lib/dataplane/target-errors';
import { toFacts } from '@/lib/errors';
import { adviceFor } from './advice-for-to';

it('names the fleet file where a page reads it, and --to only where a person wrote it', () => {
  const refused = Object.assign(new Error('password authentication failed'), { code: '28P01' });
  const facts = toFacts(targetError(refused, 'PostgreSQL at db:5432/app'));
  expect(facts.advice).toMatch(/dsn_env of the fleet file/);
  expect(adviceFor(facts, ['sx/assets_1'])).toBe(facts.advice);
  expect(adviceFor(facts, ['app.db', '--to', 'env:TARGET'])).toMatch(
    /^Correct role and password where --to takes them/,
  );
  expect(() => parseDsn('nonsense')).toThrow(expect.objectContaining({ advice: expect.not.stringContaining('--to') }));
});
