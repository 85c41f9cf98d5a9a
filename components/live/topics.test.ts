import { describe, expect, it } from 'vitest';
import { newRows, parseBatch, reopenDelayMs, streamUrl, topicsOfView } from './topics';
import { newerView, paramsText } from './view-key';

describe('the stream of a tab', () => {
  it('goes on after the last row of each topic', () => {
    const url = streamUrl(['cutover:c1', 'log:a.7'], new Map([['log:a.7', 120]]));
    expect(new URL(url, 'http://x').searchParams.get('after')).toBe('cutover:c1.0,log:a.7.120');
  });
  it('drops a row that came twice', () => {
    const batch = parseBatch('{"t":"log:a","rows":[[4,"x"],[5,"y"]]}');
    expect(batch && newRows(batch, 4)).toEqual([[5, 'y']]);
  });
  it.each(['null', '{}', '{"t":1,"rows":[]}'])('ignores a message that is no batch: %s', (text) =>
    expect(parseBatch(text)).toBeNull(),
  );
  it('waits longer after each break, at most 12.5 s', () => {
    expect([reopenDelayMs(1, 0.5), reopenDelayMs(3, 0.5), reopenDelayMs(50, 1)]).toEqual([300, 1200, 12_500]);
  });
  it('knows what makes a view old', () => expect(topicsOfView('wizard', { cutoverId: 'c1' })).toEqual(['cutover:c1']));
});

describe('views', () => {
  it('never lets an older answer cover a newer one', () => {
    const [old, fresh] = [{ now: '2026-11-21T02:00:00.000Z' }, { now: '2026-11-21T02:00:01.000Z' }];
    expect([newerView(old, fresh), newerView(fresh, old), newerView(undefined, old)]).toEqual([fresh, fresh, old]);
  });
  it('has one key for the same params in any order', () =>
    expect(paramsText({ b: '1', a: '2' })).toBe(paramsText({ a: '2', b: '1' })));
});
