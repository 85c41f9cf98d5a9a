import { describe, expect, it } from 'vitest';
import { followText, nextFollow } from './follow';
import { parseRange, rangeHash, selectLine } from './line-range';
import { ansiPieces } from './ansi-pieces';
import { stepMatch } from './log-words';

describe('following', () => {
  it('pauses when a person scrolls up, and goes on at the end', () => {
    const paused = nextFollow({ on: true }, { kind: 'scrolled', atEnd: false, upward: true, count: 100 });
    expect(paused).toEqual({ on: false, fromCount: 100 });
    expect(followText(paused, 314)).toBe('Paused · 214 new lines');
    expect(followText(paused, 101)).toBe('Paused · 1 new line');
    expect(nextFollow(paused, { kind: 'scrolled', atEnd: true, upward: false, count: 314 })).toEqual({ on: true });
  });
  it('does not pause because lines came in below', () => {
    expect(nextFollow({ on: true }, { kind: 'scrolled', atEnd: false, upward: false, count: 100 }).on).toBe(true);
  });
});

describe('line links', () => {
  it.each([
    ['#L120', 120, 120],
    ['#L140-L120', 120, 140],
  ])('reads %s', (hash, from, to) => {
    expect(parseRange(hash)).toEqual({ from, to });
  });
  it.each(['', '#L', '#Lx', '#L1-', '#evidence'])('takes %j for no line', (hash) =>
    expect(parseRange(hash)).toBeNull(),
  );
  it('selects a range with shift, and nothing on a second click', () => {
    expect(rangeHash(selectLine({ from: 5, to: 5 }, 2, true) ?? { from: 0, to: 0 })).toBe('#L2-L5');
    expect(selectLine({ from: 5, to: 5 }, 5, false)).toBeNull();
  });
});

describe('colours and characters', () => {
  it('keeps colours as names, shows control characters, and never passes markup on', () => {
    expect(ansiPieces('\u001b[32mPASS\u001b[0m <b>\u0000')).toEqual([
      { text: 'PASS', tone: 'green', bold: false, control: false },
      { text: ' <b>', tone: null, bold: false, control: false },
      { text: 'NUL', tone: null, bold: false, control: true },
    ]);
  });
  it('steps through matches in both directions', () => {
    expect([stepMatch(3, -1, 1), stepMatch(3, 2, 1), stepMatch(3, 0, -1), stepMatch(0, -1, 1)]).toEqual([0, 0, 2, -1]);
  });
});
