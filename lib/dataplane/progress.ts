import type { ReportProgress } from './types';

/** Exact rows done, in all and a table. */
export function loadProgress(tables: readonly { name: string; total: number }[], report: ReportProgress | undefined) {
  const parts = tables.map(({ name, total }) => ({
    name,
    done: 0,
    total,
    state: 'queued' as 'queued' | 'running' | 'done',
    endedAt: undefined as string | undefined,
  }));
  const total = parts.reduce((sum, part) => sum + part.total, 0);
  const of = (name: string) => parts.find((part) => part.name === name) as (typeof parts)[number];
  const tell = () =>
    report?.({
      unit: 'rows',
      done: parts.reduce((sum, part) => sum + part.done, 0),
      total,
      parts: parts.map(({ endedAt, ...part }) => (endedAt ? { ...part, endedAt } : part)),
    });
  return {
    begin(name: string, done = 0): void {
      Object.assign(of(name), { state: 'running', done });
      tell();
    },
    add(name: string, rows: number): void {
      of(name).done += rows;
      tell();
    },
    end(name: string): void {
      Object.assign(of(name), { state: 'done', endedAt: new Date().toISOString() });
      tell();
    },
  };
}
