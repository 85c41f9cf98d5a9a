import { describe, expect, it } from 'vitest';
import { addReading, type ProgressSeries } from '@/components/live/progress-series';
import type { Progress } from '@/lib/shared/evidence';
import { partWords, progressWords } from './progress-words';

const start = Date.parse('2026-11-21T02:00:00.000Z');
const at = (seconds: number): string => new Date(start + seconds * 1000).toISOString();
const reading = (seconds: number, done: number, more: Partial<Progress> = {}): Progress => ({
  unit: 'rows',
  done,
  total: 10_000,
  at: at(seconds),
  startedAt: at(0),
  ...more,
});
const seriesOf = (...readings: Progress[]): ProgressSeries => {
  let series: ProgressSeries | null = null;
  for (const next of readings) series = addReading(series, next);
  if (!series) throw new Error('no readings');
  return series;
};
const words = (series: ProgressSeries, nowSeconds: number, plannedMs = 20_000) =>
  progressWords(series, { nowMs: start + nowSeconds * 1000, startedMs: start, plannedMs });

describe('progress words', () => {
  it('gives no time left before 3 s of readings', () => {
    expect(words(seriesOf(reading(0, 0), reading(2, 2000)), 2).left).toBe('measuring');
    expect(words(seriesOf(reading(0, 0), reading(4, 4000, { perSecond: 1_000 })), 4)).toMatchObject({
      left: 'about 6 s left',
      rate: '1,000 rows/s',
    });
  });
  it('never runs backwards, whatever a reading says', () => {
    const series = seriesOf(
      reading(0, 5000),
      reading(1, 4000, { parts: [{ name: 'a', done: 1, total: 2, state: 'running' }] }),
    );
    expect(words(series, 1)).toMatchObject({ done: '5,000', fraction: 0.5 });
  });
  it('says why nothing moves after 10 s', () => {
    const waiting = { reason: 'waiting for a lock held by pid 812', since: at(1) };
    const series = seriesOf(reading(0, 10), reading(1, 4000), reading(12, 4000, { waiting }));
    expect(words(series, 13)).toMatchObject({
      notice: 'No progress for 12 s: waiting for a lock held by pid 812.',
      tone: 'late',
      rate: null,
      left: '',
    });
  });
  it('turns amber past twice the plan and says by how much', () => {
    expect(words(seriesOf(reading(0, 0), reading(45, 9000)), 45)).toMatchObject({
      left: '25 s over plan',
      tone: 'late',
      tick: null,
    });
    expect(words(seriesOf(reading(0, 0), reading(39, 9000)), 39).tone).toBe('moving');
  });
  it('ticks where the plan expected to be', () => expect(words(seriesOf(reading(0, 0)), 5).tick).toBe(0.25));
  it('says what each part does now', () => {
    const parts = (a: number, b: Progress['parts']): Progress['parts'] => [
      { name: 'videos', done: 60, total: 60, state: 'done', endedAt: at(1) },
      { name: 'notes', done: a, total: 100, state: 'running' },
      ...(b ?? []),
    ];
    const series = seriesOf(
      reading(0, 60, { parts: parts(0, []) }),
      reading(4, 100, { parts: parts(40, [{ name: 'jobs', done: 0, total: 5, state: 'queued' }]) }),
    );
    expect(partWords(series, false).map((part) => [part.name, part.aside, part.tone])).toEqual([
      ['videos', 'done', 'done'],
      ['notes', '10/s, 6.0 s left', 'moving'],
      ['jobs', 'queued', 'moving'],
    ]);
  });
  it('measures a part from where it began, not from the first reading', () => {
    const parts = (done: number): Progress['parts'] => [{ name: 'videos', done, total: 600, state: 'running' }];
    const series = seriesOf(
      reading(0, 0, { parts: parts(0) }),
      reading(8, 800, { parts: parts(0) }),
      reading(10, 1000, { parts: parts(200) }),
    );
    expect(partWords(series, false)[0]?.aside).toBe('measuring');
    const on = addReading(series, reading(11, 1100, { parts: parts(300) }));
    expect(partWords(on, false)[0]?.aside).toBe('100/s, 3.0 s left');
  });
});
