import type { ProfileDto } from '@/lib/views/dto';

export const ranges = { '1h': '1 h', '9h': '9 h', '24h': '24 h' } as const;
export type Range = keyof typeof ranges;
const hours: Record<Range, number> = { '1h': 1, '9h': 9, '24h': 24 };
const hourMs = 3_600_000;

/** `mode` null: no answer, or, where `read` is false, nobody asked. */
export type Band = { fromMs: number; toMs: number; mode: string | null; read: boolean };
export type ChartModel = {
  fromMs: number;
  toMs: number;
  points: { ms: number; latency: number | null; read: boolean }[];
  bands: Band[];
  marks: { ms: number; text: string }[];
  /** Upper end of the axis, in ms of latency. */
  top: number;
  ticks: number[];
};

/** Stretches of one observed mode, joined; a stretch ends where the next begins. */
export function bandsOf(points: ProfileDto['chart']['points'], toMs: number): Band[] {
  const bands: Band[] = [];
  for (const { at, observed, read } of points) {
    const ms = Date.parse(at);
    const last = bands.at(-1);
    if (last) last.toMs = ms;
    if (last?.mode !== observed || last.read !== read) bands.push({ fromMs: ms, toMs: ms, mode: observed, read });
  }
  const last = bands.at(-1);
  if (last) last.toMs = Math.max(last.toMs, toMs);
  return bands;
}

/** A round upper end a little over the highest reading: 20, 60, 100, 400, … */
export function axisTop(highest: number): number {
  const step = 10 ** Math.max(1, Math.floor(Math.log10(Math.max(10, highest))));
  return Math.max(20, Math.ceil((highest * 1.1) / (2 * step)) * 2 * step);
}

/** Label of the axis: never longer than its margin. */
export const latencyWords = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`);

export function chartModel(chart: ProfileDto['chart'], now: string, range: Range): ChartModel {
  const toMs = Date.parse(now);
  const points = chart.points.filter(({ at }) => Date.parse(at) >= toMs - hours[range] * hourMs);
  const firstMs = points[0] ? Date.parse(points[0].at) : toMs - hours[range] * hourMs;
  // A young console has minutes of readings: the axis begins with the first, so that they fill it.
  const fromMs = Math.max(firstMs, toMs - hours[range] * hourMs);
  const tickCount = 5;
  return {
    fromMs,
    toMs,
    points: points.map(({ at, latencyMs, read }) => ({ ms: Date.parse(at), latency: latencyMs, read })),
    bands: bandsOf(points, toMs),
    marks: chart.marks
      .map(({ at, text }) => ({ ms: Date.parse(at), text }))
      .filter(({ ms }) => ms >= fromMs && ms <= toMs),
    top: axisTop(Math.max(0, ...points.map(({ latencyMs }) => latencyMs ?? 0))),
    ticks: Array.from({ length: tickCount }, (_, at) => fromMs + ((toMs - fromMs) * at) / (tickCount - 1)),
  };
}

/** Share of the plot, in percent, that a mark's words take at the least width they are drawn in. */
const markWidth = 24;

/** Marks with their place in percent and the row they stand in: the first row where nothing is in the way. */
export function markRows({ marks, fromMs, toMs }: Pick<ChartModel, 'marks' | 'fromMs' | 'toMs'>): {
  count: number;
  marks: { mark: ChartModel['marks'][number]; at: number; row: number }[];
} {
  const taken: { from: number; to: number }[][] = [];
  const placed = marks.map((mark) => {
    const at = ((mark.ms - fromMs) / Math.max(1, toMs - fromMs)) * 100;
    const span = at > 70 ? { from: at - markWidth, to: at } : { from: at, to: at + markWidth };
    const free = taken.findIndex((row) => row.every((one) => one.to <= span.from || one.from >= span.to));
    const row = free < 0 ? taken.length : free;
    taken[row] = [...(taken[row] ?? []), span];
    return { mark, at, row };
  });
  return { count: taken.length, marks: placed };
}
