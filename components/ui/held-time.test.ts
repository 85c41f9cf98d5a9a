import { expect, it } from 'vitest';
import { heldAt, lastShownMs } from './held-time';

const asOf = Date.parse('2026-11-21T13:21:17.000Z');

it('stops the clocks of what runs once their reading is older than 8 s, where they stand', () => {
  expect([heldAt(asOf + 8_000, asOf, true), heldAt(asOf + 8_001, asOf, true)]).toEqual([null, asOf]);
  expect(lastShownMs(asOf)).toBe(asOf + 8_000);
});
it('lets clocks go on where nothing runs', () => expect(heldAt(asOf + 60_000, asOf, false)).toBeNull());
