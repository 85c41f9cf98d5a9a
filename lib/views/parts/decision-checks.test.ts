import { expect, it } from 'vitest';
import type { DecisionDto } from '@/lib/views/dto';
import { closingCheck } from './decision-checks';
import type { OpenCutover } from './open-cutover';

type Check = DecisionDto['checks'][number];
const openOf = (from: string, to: string) => ({ rows: { runbook: { from, to } } }) as OpenCutover;
const health = (status: Check['status']): Check => ({
  key: 'health',
  text: 'Service healthy',
  status,
  detail: 'no answer',
});
const mode = (status: Check['status']): Check => ({
  key: 'mode',
  text: 'Observed mode is postgres',
  status,
  detail: 'sqlite',
});

it('keeps a switch closed while its service does not answer', () => {
  expect(closingCheck(openOf('sqlite', 'postgres'), [health('failed')])?.text).toBe('Service healthy');
});

it('lets a restore in place be pressed for a service that is down, and not for one that answers in another mode', () => {
  const inPlace = openOf('postgres', 'postgres');
  expect(closingCheck(inPlace, [health('failed'), mode('unknown')])).toBeUndefined();
  expect(closingCheck(inPlace, [health('passed'), mode('failed')])?.detail).toBe('sqlite');
  expect(
    closingCheck(inPlace, [{ key: 'worker', text: 'Worker answers', status: 'failed', detail: 'none answers' }]),
  ).toBeDefined();
});
