import type { DifferingRow } from '@/lib/shared/evidence';
import type { Cell } from '@/lib/sources/source';
import { rowFields } from './binary-rows';
import { differingColumns } from './compare-cells';
import { sampleText } from './profile-values';
import { showSource, showTarget, targetText, windowStart } from './show-cell';
import type { TableMapping } from './types';

export type TableResult = {
  rows: bigint;
  equal: bigint;
  differing: bigint;
  missing: bigint;
  extra: bigint;
  rangeDigests: number;
  digest: string;
};

/** What is told of each difference. The buffers are views: who keeps them copies them. */
export type DiffSink = {
  /** A table begins, or begins anew: what was told of it is forgotten. */
  begin(mapping: TableMapping): Promise<void>;
  difference(
    mapping: TableMapping,
    kind: DifferingRow['kind'],
    cells: readonly Cell[] | null,
    source: Buffer | null,
    target: Buffer | null,
  ): void;
  /** Waited for between pieces, so that a sink that writes never falls behind. */
  flush(): Promise<void>;
};

/** Keeps the first rows, ready to be shown. */
export class SampleSink implements DiffSink {
  sample: DifferingRow[] = [];

  constructor(private readonly most = 50) {}

  async begin({ source }: TableMapping): Promise<void> {
    this.sample = this.sample.filter(({ table }) => table !== source);
  }

  difference(
    mapping: TableMapping,
    kind: DifferingRow['kind'],
    cells: readonly Cell[] | null,
    source: Buffer | null,
    target: Buffer | null,
  ): void {
    if (this.sample.length < this.most) this.sample.push(showDifference(mapping, kind, cells, source, target));
  }

  async flush(): Promise<void> {}
}

/** A differing row with the cells that differ; a missing or extra row with all of them. */
export function showDifference(
  mapping: TableMapping,
  kind: DifferingRow['kind'],
  cells: readonly Cell[] | null,
  source: Buffer | null,
  target: Buffer | null,
): DifferingRow {
  const fields = target ? rowFields(target) : null;
  const all = mapping.columns.map((_, i) => i);
  const indexes = source && target ? differingColumns(mapping, source, target) : all;
  return {
    table: mapping.source,
    kind,
    key: differenceKey(mapping, cells, fields),
    cells: indexes.map((i) => {
      const column = mapping.columns[i] as TableMapping['columns'][number];
      const cell = cells?.[i] ?? null;
      const from = cells && fields ? windowStart(cell, targetText(fields[i] ?? null, column.type)) : 0;
      return {
        column: column.source,
        source: cells ? showSource(cell, from) : null,
        target: fields ? showTarget(fields[i] ?? null, column.type, from) : null,
      };
    }),
  };
}

function differenceKey(mapping: TableMapping, cells: readonly Cell[] | null, fields: (Buffer | null)[] | null): string {
  const own = mapping.key.filter((name) => name !== mapping.scope?.column);
  const names = own.length ? own : mapping.key;
  if (!names.length) return '(row without a key)';
  return names
    .map((name) => {
      const i = mapping.columns.findIndex(({ source }) => source === name);
      const column = mapping.columns[i] as TableMapping['columns'][number];
      return cells ? sampleText(cells[i] ?? null) : (targetText(fields?.[i] ?? null, column.type) ?? 'NULL');
    })
    .join(', ');
}
