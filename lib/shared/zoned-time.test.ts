import { describe, expect, it } from 'vitest';
import { isoOfLocal, localOf } from './zoned-time';

describe('a date and time as its zone reads it', () => {
  it.each([
    ['2026-11-21T02:30', 'UTC', '2026-11-21T02:30:00.000Z'],
    ['2026-11-21T02:30', 'Europe/Berlin', '2026-11-21T01:30:00.000Z'],
    ['2026-07-01T00:10', 'Asia/Kolkata', '2026-06-30T18:40:00.000Z'],
    ['2026-11-21T02:30:15', 'America/New_York', '2026-11-21T07:30:15.000Z'],
  ])('%s in %s is %s', (local, zone, iso) => {
    expect(isoOfLocal(local, zone)).toBe(iso);
    expect(localOf(iso, zone)).toBe(local.slice(0, 16));
  });

  it('takes the first of an hour that comes twice', () =>
    expect(isoOfLocal('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z'));
  it('counts an hour that is left out from before the change', () =>
    expect(isoOfLocal('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z'));
  it.each([
    ['', 'UTC'],
    ['tomorrow', 'UTC'],
    ['2026-13-01T00:00', 'UTC'],
    ['2026-11-21T02:30', 'Mars/Olympus'],
  ])('makes no time of %j in %s', (local, zone) => expect(isoOfLocal(local, zone)).toBeNull());
});
