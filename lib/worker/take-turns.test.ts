import { expect, it } from 'vitest';
import { takeTurns } from './take-turns';

it('gives everybody a turn where one takes so long that a round is longer than its time', () => {
  let at = 0;
  const turns = takeTurns(60_000, () => at);
  const all = ['a', 'b', 'c', 'd', 'e'].map((sourceId) => ({ system: 's', sourceId }));
  const order: (string | undefined)[] = [];
  for (let turn = 0; turn < 10; turn += 1) {
    turns.note(all);
    order.push(turns.next()?.sourceId);
    at += 25_000;
  }
  expect(order.join('')).toBe('abcdeabcde');
});

it('counts nobody twice within its time, and only whom it has seen', () => {
  let at = 0;
  const turns = takeTurns(60_000, () => at);
  expect(turns.next()).toBeNull();
  turns.note([{ system: 's', sourceId: 'a' }]);
  expect(turns.next()).toEqual({ system: 's', sourceId: 'a' });
  at = 30_000;
  turns.note([{ system: 's', sourceId: 'a' }]);
  expect(turns.next()).toBeNull();
  at = 60_001;
  expect(turns.next()).toEqual({ system: 's', sourceId: 'a' });
});

it('counts again at once what a press has changed since, before anybody else', () => {
  let at = 0;
  const turns = takeTurns(60_000, () => at);
  const key = (sourceId: string, countAgain = false) => ({ system: 's', sourceId, countAgain });
  turns.note([key('a')]);
  expect(turns.next()?.sourceId).toBe('a');
  at = 5_001;
  turns.note([key('b'), key('a', true)]);
  expect([turns.next()?.sourceId, turns.next()?.sourceId]).toEqual(['a', 'b']);
  // One that cannot be counted is not asked without a pause.
  at = 9_000;
  turns.note([key('a', true)]);
  expect(turns.next()).toBeNull();
});
