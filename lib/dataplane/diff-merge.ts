import type pg from 'pg';
import { differingColumns, rowBytes } from './compare-cells';
import type { DiffSink, TableResult } from './diff-sink';
import { keyComparer, OrderBroken, type RowView, sameBytes } from './row-key';
import type { SourceCursor } from './source-cursor';
import { breathe } from './source-readers';
import { targetRows } from './target-rows';
import { copyOutSql } from './target-sql';
import type { TableMapping } from './types';

/** Walks both sides in key order, every byte of every row. @throws OrderBroken when a side is not in that order; the target's stream is then read to its end */
export async function mergeTables(
  client: pg.Client,
  mapping: TableMapping,
  cursor: SourceCursor,
  sink: DiffSink,
  onRows: (rows: number) => void,
): Promise<TableResult> {
  const merge = new Merge(mapping, cursor, sink);
  let broken: unknown = null;
  for await (const rows of targetRows(client, copyOutSql(mapping, mapping.key))) {
    if (broken) continue;
    try {
      const before = cursor.rows;
      for (const row of rows) merge.target(row);
      await sink.flush();
      onRows(cursor.rows - before);
      await breathe();
    } catch (thrown) {
      if (!(thrown instanceof OrderBroken)) throw thrown;
      broken = thrown;
    }
  }
  if (broken) throw broken;
  while (cursor.valid) {
    const before = cursor.rows;
    merge.missing();
    await sink.flush();
    if (cursor.rows > before) onRows(cursor.rows - before);
  }
  return { ...merge.counts, rows: BigInt(cursor.rows), rangeDigests: cursor.pages, digest: cursor.finish() };
}

class Merge {
  readonly counts = { equal: 0n, differing: 0n, missing: 0n, extra: 0n };
  private readonly compare: ReturnType<typeof keyComparer>;
  private lastSource: RowView | null = null;
  private lastTarget: RowView | null = null;

  constructor(
    private readonly mapping: TableMapping,
    private readonly cursor: SourceCursor,
    private readonly sink: DiffSink,
  ) {
    this.compare = keyComparer(mapping);
  }

  target(row: Buffer): void {
    const { cursor } = this;
    const view = { bytes: row, start: 0, end: row.length };
    if (this.lastTarget && this.compare(this.lastTarget, view) > 0) throw new OrderBroken();
    this.lastTarget = view;
    for (;;) {
      const order = !cursor.valid ? 1 : sameBytes(cursor.view, view) ? 0 : this.compare(cursor.view, view);
      if (order < 0) {
        this.missing();
        continue;
      }
      if (order > 0) {
        this.counts.extra += 1n;
        this.sink.difference(this.mapping, 'extra', null, null, row);
        return;
      }
      this.pair(row);
      this.step();
      return;
    }
  }

  private pair(row: Buffer): void {
    const source = rowBytes(this.cursor.view);
    if (source.equals(row) || differingColumns(this.mapping, source, row).length === 0) {
      this.counts.equal += 1n;
      return;
    }
    this.counts.differing += 1n;
    this.sink.difference(this.mapping, 'differing', this.cursor.cells, source, row);
  }

  /** The source's row has no counterpart. */
  missing(): void {
    this.counts.missing += 1n;
    this.sink.difference(this.mapping, 'missing', this.cursor.cells, rowBytes(this.cursor.view), null);
    this.step();
  }

  private step(): void {
    const { cursor } = this;
    const { bytes, start, end } = cursor.view;
    if (this.lastSource && this.compare(this.lastSource, cursor.view) >= 0) throw new OrderBroken();
    this.lastSource = { bytes, start, end };
    cursor.next();
  }
}
