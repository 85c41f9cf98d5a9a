import { cpus, loadavg, totalmem } from 'node:os';
import { majorOf, findPostgres } from '@/lib/launcher/find-postgres.mjs';
import { commitOf } from './bench';
import type { Sizes } from './make-data';
import type { Extra } from './measure-extras';
import type { Series } from './techniques';

export type Measured = {
  name: string;
  series: Series;
  seconds: number[];
  megabytes: number[];
  /** Processor time of our process. */
  cpuSeconds?: number[];
  /** Processor time of the server's sessions. */
  serverCpuSeconds?: number[];
};

export function median(values: readonly number[]): number {
  if (!values.length) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** Medians, ranges and ratios: each to the limit and to pgloader of its own series. */
export function showTable(measured: readonly Measured[], extras: readonly Extra[], sizes: Sizes): string {
  const of = (series: Series, start: string) =>
    median(measured.find((one) => one.series === series && one.name.startsWith(start))?.seconds ?? []);
  const rows = measured.map(({ name, series, seconds, megabytes, cpuSeconds = [], serverCpuSeconds = [] }) => {
    const middle = median(seconds);
    const peer = of(series, 'pgloader');
    return line([
      series,
      name.replace('|', '\\|'),
      `${middle.toFixed(2)} s (${Math.min(...seconds).toFixed(2)}–${Math.max(...seconds).toFixed(2)})`,
      `${(middle / of(series, 'limit')).toFixed(2)} ×`,
      Number.isNaN(peer) ? '–' : `${(peer / middle).toFixed(1)} × as fast`,
      serverCpuSeconds.length ? `${median(serverCpuSeconds).toFixed(1)} s` : '–',
      cpuSeconds.length ? `${median(cpuSeconds).toFixed(1)} s` : '–',
      megabytes.length ? `${Math.round(Math.max(...megabytes))} MB` : '–',
    ]);
  });
  const large = (sizes.people + sizes.events + sizes.notes).toLocaleString('en');
  return [
    `${large} rows in 3 tables; ${sizes.smallTables} tables of ${sizes.smallRows} rows. Median of ${measured[0]?.seconds.length ?? 0} rounds (least–most).`,
    '',
    line([
      'Series',
      'Technique',
      'Median',
      '× limit',
      'against pgloader',
      'CPU of the server',
      'CPU of ours',
      'Peak memory',
    ]),
    line(Array(8).fill('---')),
    ...rows,
    '',
    ...extras.map(({ what, value }) => `- ${what}: ${value}`),
  ].join('\n');
}

export function machine(accelerated: boolean): string {
  const [cpu] = cpus();
  const found = findPostgres();
  return [
    `\nMachine: ${cpus().length} × ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
    `Node ${process.version}, PostgreSQL ${found ? majorOf(found.binDir) : '?'}, accelerator ${accelerated ? 'built' : 'not built'}, commit ${commitOf()}`,
  ].join('; ');
}
