import { expect, it } from 'vitest';
import { sparkPath } from './spark-path';

const box = { width: 100, height: 24, pad: 4 };

it('draws a steady service as a calm line and breaks it where nothing answered', () => {
  const { path, silent, last } = sparkPath([10, 10, null, 10], box);
  expect(path).toBe('M0 20L33.3 20M100 20');
  expect(silent).toBe('M33.3 20H66.7');
  expect(last).toEqual({ x: 100, y: 20 });
});
it('keeps its last height when the newest reading is silence, and invents nothing without readings', () => {
  expect(sparkPath([10, 30, null], box).last).toEqual({ x: 100, y: 4 });
  expect(sparkPath([null, null], box)).toMatchObject({ path: '', last: null });
});
