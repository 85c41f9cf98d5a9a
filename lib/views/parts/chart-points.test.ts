import { expect, it } from 'vitest';
import { chartPoints } from './chart-points';

const start = Date.parse('2026-11-21T02:00:00.000Z');
const reading = (second: number, observed: string | null = 'SQLITE', healthy = true) => ({
  at: new Date(start + second * 1000),
  observed,
  healthy,
  latencyMs: 12,
});
const told = (readings: ReturnType<typeof reading>[], nowSecond: number) =>
  chartPoints(readings, start + nowSecond * 1000).map(({ at, observed, read }) => [
    (Date.parse(at) - start) / 1000,
    observed,
    read,
  ]);

it('ends a mode where nothing was read any more, and lets it begin again with the next reading', () => {
  expect(told([reading(0), reading(5), reading(605)], 610)).toEqual([
    [0, 'SQLITE', true],
    [5, 'SQLITE', true],
    [25, null, false],
    [605, 'SQLITE', true],
  ]);
});

it('does not go on to now when the last reading is old', () => {
  expect(told([reading(0)], 20)).toHaveLength(1);
  expect(told([reading(0)], 300)).toEqual([
    [0, 'SQLITE', true],
    [20, null, false],
  ]);
});

it('keeps every change, silence and end among the readings of a day, and no more than a chart can show', () => {
  const day = Array.from({ length: 17_280 }, (_, at) => reading(at * 5, at < 9_001 ? 'SQLITE' : 'POSTGRES_PRIMARY'));
  const points = told([...day.slice(0, 5_003), ...day.slice(5_403)], 86_400);
  expect(points.length).toBeLessThan(500);
  expect(points).toContainEqual([5_002 * 5 + 20, null, false]);
  expect(points).toContainEqual([5_403 * 5, 'SQLITE', true]);
  expect(points).toContainEqual([9_001 * 5, 'POSTGRES_PRIMARY', true]);
});
