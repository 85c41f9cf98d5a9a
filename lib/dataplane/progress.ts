import type { ReportProgress } from './types';

/** Exact rows done, in all and a table. */
export function loadProgress(tables: readonly { name: string; total: number }[], report: ReportProgress | undefined) {
  const parts = tables.map(({ name, total }) => ({
    name,
    done: 0,
    kept: 0,
    total,
    state: 'queued' as 'queued' | 'running' | 'done',
    endedAt: undefined as string | undefined,
  }));
  const total = parts.reduce((sum, part) => sum + part.total, 0);
  const of = (name: string) => parts.find((part) => part.name === name) as (typeof parts)[number];
  const sumOf = (count: 'done' | 'kept') => parts.reduce((sum, part) => sum + part[count], 0);
  const tell = () =>
    report?.({
      unit: 'rows',
      done: sumOf('done'),
      ...(sumOf('kept') ? { kept: sumOf('kept') } : {}),
      total,
      parts: parts.map(({ endedAt, kept, ...part }) => ({
        ...part,
        ...(kept ? { kept } : {}),
        ...(endedAt ? { endedAt } : {}),
      })),
    });
  return {
    /** @param kept rows of it that an earlier attempt has left done */
    begin(name: string, kept = 0): void {
      Object.assign(of(name), { state: 'running', done: kept, kept });
      tell();
    },
    keep(name: string, rows: number): void {
      of(name).done += rows;
      of(name).kept += rows;
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
