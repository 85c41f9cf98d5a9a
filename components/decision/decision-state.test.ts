import { describe, expect, it } from 'vitest';
import { rollbackDecision, switchDecision, switching } from '@/lib/testing/decision-fixtures';
import { closedReason, decisionPost, lossAllText, lossIsLonger, lossTitle } from './decision-state';
import { stripBar, stripWords } from './strip-words';

const read = { typed: 'assets_1', password: '', reason: '', seenDigest: switchDecision.planDigest };

describe('the last button of a decision card', () => {
  it('opens once the id is typed exactly', () => {
    expect(closedReason(switchDecision, read)).toBeNull();
    for (const typed of ['', 'assets-1', 'Assets_1', 'assets_1 '])
      expect(closedReason(switchDecision, { ...read, typed })).toBe('Type assets_1 to go on.');
  });
  it('is closed by anything stale, whatever was typed', () => {
    expect(closedReason({ ...switchDecision, closedReason: 'Row diff is stale since 02:09.' }, read)).toBe(
      'Row diff is stale since 02:09.',
    );
    expect(closedReason({ ...switchDecision, planDigest: 'other' }, read)).toMatch(/plan changed/);
  });
  it('waits for the second person where the server does, not for one who confirms an override afterwards', () => {
    const secondPerson = { ...switchDecision.secondPerson, needed: true, reason: 'A second person confirms it.' };
    expect(closedReason({ ...switchDecision, act: 'override', secondPerson }, read)).toBeNull();
    const waits = { ...rollbackDecision, closedReason: 'Waits for a second person.' };
    expect([closedReason(waits, read), closedReason(rollbackDecision, read)]).toEqual([waits.closedReason, null]);
  });
  it('asks for password and reason only when the server does', () => {
    expect(closedReason({ ...switchDecision, passwordNeeded: true }, read)).toBe('Type your password to go on.');
    expect(closedReason({ ...switchDecision, reasonNeeded: true }, { ...read, reason: 'short' })).toMatch(/at least 8/);
  });
  it.each([
    ['switch', 'runStep'],
    ['close', 'runStep'],
    ['rollback', 'rollBack'],
    ['data-rollback', 'rollBack'],
    ['abandon', 'abandon'],
    ['override', 'overrideStep'],
  ] as const)('%s calls %s', (act, action) => {
    expect(decisionPost({ ...switchDecision, act }, 'c-1').action).toBe(action);
  });
  it('posts the step that the server chose, whatever the address named', () => {
    for (const act of ['switch', 'close', 'repair'] as const)
      expect(decisionPost({ ...switchDecision, act }, 'c-1').fields.stepId).toBe(switchDecision.stepId);
  });
});

describe('rows that would be lost', () => {
  it('says how many, also when they could not be counted', () => {
    expect([lossTitle('1'), lossTitle('1204'), lossTitle('unknown')]).toEqual([
      '1 row would be lost',
      '1,204 rows would be lost',
      'Rows would be lost: unknown',
    ]);
    expect(lossAllText('37')).toBe('All 37 rows');
  });
  it('offers all rows only when there are more than shown', () => {
    const { loss } = rollbackDecision;
    if (!loss) throw new Error('no loss');
    expect([lossIsLonger(loss), lossIsLonger({ ...loss, count: '6' })]).toEqual([true, false]);
  });
});

describe('the live strip', () => {
  const strip = switching.strip;
  if (!strip) throw new Error('no strip');
  const now = Date.parse('2026-11-21T02:30:02.500Z');
  it('counts the frozen seconds by the server clock and says what is left of the prediction', () => {
    expect(stripWords(strip, now)).toMatchObject({ seconds: '2.4 s', below: 'frozen, about 0.7 s left', over: false });
    expect(stripWords(strip, now + 3000)).toMatchObject({ below: 'frozen, 2.3 s over the prediction', over: true });
    expect(stripWords({ ...strip, heldTo: '2026-11-21T02:30:03.200Z' }, now + 60_000)).toMatchObject({
      seconds: '3.1 s',
      below: 'frozen in all',
    });
    expect(stripWords({ ...strip, heldFrom: null }, now)).toMatchObject({
      seconds: '0.0 s',
      below: 'nobody is held yet',
    });
    expect(stripWords({ ...strip, endedAt: '2026-11-21T02:30:02.000Z', outcome: 'failed' }, now)).toMatchObject({
      seconds: '2.4 s',
      below: 'still frozen',
    });
  });
  it('draws each cell as its share of the limit, never past it', () => {
    const bar = stripBar(strip, now);
    expect(bar.map((part) => [part.stepId, part.share])).toEqual([
      ['freeze', 0.03],
      ['catch-up', 0.06],
      ['final-diff', 0.07],
      ['switch', 0.08],
    ]);
    // A second that users waited before the first step began, or between two, is no less a part of the limit.
    const earlier = new Date(Date.parse(strip.heldFrom ?? '') - 1000).toISOString();
    expect(stripBar({ ...strip, heldFrom: earlier }, now).at(-1)).toEqual({
      stepId: 'between the steps',
      state: 'between',
      share: expect.closeTo(0.1, 5),
    });
    expect(stripBar(strip, now + 60_000).reduce((sum, part) => sum + part.share, 0)).toBeLessThanOrEqual(1);
  });
});
