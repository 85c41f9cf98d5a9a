import { describe, expect, it } from 'vitest';
import { axisTop, bandsOf, chartModel, latencyWords, markRows } from './chart-model';

const point = (minute: number, observed: string | null, latencyMs: number | null = 10) => ({
  at: new Date(Date.UTC(2026, 10, 21, 2, minute)).toISOString(),
  latencyMs,
  observed,
  read: true,
});
const now = new Date(Date.UTC(2026, 10, 21, 2, 30)).toISOString();

describe('the chart of a profile', () => {
  it('joins readings of one mode, ends a stretch where the next begins and keeps silence apart', () => {
    const bands = bandsOf(
      [point(0, 'SQLITE'), point(5, 'SQLITE'), point(10, null), point(12, 'POSTGRES_PRIMARY')],
      Date.parse(now),
    );
    expect(bands.map(({ fromMs, toMs, mode }) => [(toMs - fromMs) / 60_000, mode])).toEqual([
      [10, 'SQLITE'],
      [2, null],
      [18, 'POSTGRES_PRIMARY'],
    ]);
  });

  it('tells a time in which nobody asked from one without an answer', () => {
    const silence = { ...point(8, null, null), read: false };
    const bands = bandsOf([point(0, 'SQLITE'), silence, point(20, 'SQLITE'), point(25, null)], Date.parse(now));
    expect(bands.map(({ fromMs, toMs, mode, read }) => [(toMs - fromMs) / 60_000, mode, read])).toEqual([
      [8, 'SQLITE', true],
      [12, null, false],
      [5, 'SQLITE', true],
      [5, null, true],
    ]);
  });

  it('names latencies of a second and more in seconds', () =>
    expect([0, 10, 400, 1_200, 20_000].map(latencyWords)).toEqual(['0 ms', '10 ms', '400 ms', '1.2 s', '20 s']));

  it('begins with the first reading where the range is longer than what is known, and leaves older marks out', () => {
    const model = chartModel(
      {
        points: [point(20, 'SQLITE')],
        marks: [
          { at: point(1, null).at, text: 'old' },
          { at: point(25, null).at, text: 'new' },
        ],
      },
      now,
      '24h',
    );
    expect((model.toMs - model.fromMs) / 60_000).toBe(10);
    expect(model.marks.map(({ text }) => text)).toEqual(['new']);
  });

  it('holds without any reading', () => {
    expect(chartModel({ points: [], marks: [] }, now, '1h')).toMatchObject({ points: [], bands: [], top: 20 });
  });

  it('ends the axis a little over the highest reading', () => {
    expect([0, 12, 51, 180, 950].map(axisTop)).toEqual([20, 20, 60, 200, 1200]);
  });
});

it('puts marks that are near each other into rows of their own', () => {
  const marks = [0, 5, 60, 100].map((ms) => ({ ms, text: `at ${ms}` }));
  expect(markRows({ marks, fromMs: 0, toMs: 100 }).marks.map(({ row }) => row)).toEqual([0, 1, 0, 1]);
});
