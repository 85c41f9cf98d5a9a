import type { CellShown, DifferingRow } from '@/lib/shared/evidence';
import { visibleText } from '@/lib/shared/visible-text';
import type { Cell } from '@/lib/sources/source';
import { rowFields } from './binary-rows';
import { differingColumns } from './compare-cells';
import { sampleText } from './profile-values';
import { hiddenPoints } from './differing-points';
import { showPair, showSource, showTarget, targetText } from './show-cell';
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

/** A row that is not the same on both sides. The buffers are views: who keeps them copies them. */
export type Difference = {
  mapping: TableMapping;
  kind: DifferingRow['kind'];
  /** The source's row as the driver reads it; null where it has none. */
  cells: readonly Cell[] | null;
  source: Buffer | null;
  target: Buffer | null;
};

/** Who is told of each difference. */
export type DiffSink = {
  /** A table begins, or begins anew: what was told of it is forgotten. */
  begin(mapping: TableMapping): Promise<void>;
  difference(one: Difference): void;
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

  difference(one: Difference): void {
    if (this.sample.length < this.most) this.sample.push(showDifference(one));
  }

  async flush(): Promise<void> {}
}

/** A differing row with the cells that differ; a missing or extra row with all of them. */
export function showDifference({ mapping, kind, cells, source, target }: Difference): DifferingRow {
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
      if (cells && fields) return { column: column.source, ...showPair(cell, fields[i] ?? null, column.type) };
      const isKey = mapping.key.includes(column.source);
      return {
        column: column.source,
        source: cells ? withHidden(showSource(cell), isKey) : null,
        target: fields ? withHidden(showTarget(fields[i] ?? null, column.type), isKey) : null,
      };
    }),
  };
}

/** A key without its like on the other side may look the same as one that is there. */
function withHidden(cell: CellShown, isKey: boolean): CellShown {
  const hidden = isKey && cell.text !== null ? hiddenPoints(cell.text) : null;
  return hidden ? { ...cell, differs: hidden } : cell;
}

function differenceKey(mapping: TableMapping, cells: readonly Cell[] | null, fields: (Buffer | null)[] | null): string {
  const own = mapping.key.filter((name) => name !== mapping.scope?.column);
  const names = own.length ? own : mapping.key;
  if (!names.length) return '(row without a key)';
  return names
    .map((name) => {
      const i = mapping.columns.findIndex(({ source }) => source === name);
      const column = mapping.columns[i] as TableMapping['columns'][number];
      return visibleText(
        cells ? sampleText(cells[i] ?? null) : (targetText(fields?.[i] ?? null, column.type) ?? 'NULL'),
      );
    })
    .join(', ');
}
