import type pg from 'pg';
import type { DifferingRow } from '@/lib/shared/evidence';
import { differingColumns, rowBytes } from './compare-cells';
import { copyOut, type RowPiece } from './copy-out';
import type { DiffPlace } from './diff-state';
import type { DiffSink, TableResult } from './diff-sink';
import { frameBytes } from './row-buffer';
import { keyComparer, OrderBroken, type RowView } from './row-key';
import type { SourceCursor } from './source-cursor';
import { breathe, keyToText } from './source-readers';
import { mappingName, copyOutSql } from './target-sql';
import type { TableMapping } from './types';

/** A part of a table that an earlier run has settled: its counts, and where both sides go on. */
export type MergeStart = { place: DiffPlace; targetCondition: string };
/** `sampled`: differences shown up to there, not those of the same piece behind it. */
export type Settled = { at: DiffPlace; sampled: readonly DifferingRow[] };
/** Who keeps what is settled. */
export type MergeMemory = { sample(): readonly DifferingRow[]; keep(settled: Settled): Promise<void> };
const forgetful: MergeMemory = { sample: () => [], keep: async () => undefined };

/** Walks both sides in key order, every byte of every row. @throws OrderBroken when a side is not in that order; the target's stream is then read to its end */
export async function mergeTables(
  client: pg.Client,
  mapping: TableMapping,
  cursor: SourceCursor,
  sink: DiffSink,
  onRows: (rows: number) => void,
  start: MergeStart | null = null,
  memory: MergeMemory = forgetful,
): Promise<TableResult> {
  const merge = new Merge(mapping, cursor, sink, start?.place ?? null, memory.sample);
  let broken: unknown = null;
  // The cursor stands in its first page already: what it has read before is not told yet.
  let told = start?.place.rows ?? 0;
  const tell = (): void => {
    if (cursor.rows > told) onRows(cursor.rows - told);
    told = cursor.rows;
  };
  for await (const piece of copyOut(client, copyOutSql(mapping, mapping.key, start?.targetCondition))) {
    if (broken) continue;
    try {
      for (let i = 0; i < piece.count; ) i += merge.stretch(piece, i) || merge.one(piece, i);
      merge.keepLast();
      await sink.flush();
      tell();
      if (merge.settled) await memory.keep(merge.settled);
      merge.settled = null;
      // A row torn between two chunks comes alone.
      if (piece.count > 1) await breathe();
    } catch (thrown) {
      if (!(thrown instanceof OrderBroken)) throw thrown;
      broken = thrown;
    }
  }
  if (broken) throw broken;
  while (cursor.valid) {
    merge.missing();
    await sink.flush();
    tell();
  }
  tell();
  return { ...merge.counts, rows: BigInt(cursor.rows), rangeDigests: cursor.ranges, digest: cursor.finish() };
}

class Merge {
  private equal = 0;
  private differing = 0;
  private missed = 0;
  private extra = 0;
  private readonly compare: ReturnType<typeof keyComparer>;
  /**
   * Rows that lie side by side and are equal need no order. From the first difference on the next row is chosen by key, and then
   * every row of both sides must follow the one before it.
   */
  private ordered = false;
  private lastSource: RowView | null = null;
  private lastTarget: RowView | null = null;

  constructor(
    private readonly mapping: TableMapping,
    private readonly cursor: SourceCursor,
    private readonly sink: DiffSink,
    from: DiffPlace | null,
    private readonly sample: MergeMemory['sample'],
  ) {
    this.compare = keyComparer(mapping);
    if (from) {
      this.equal = Number(from.equal);
      this.differing = Number(from.differing);
      this.missed = Number(from.missing);
      this.extra = Number(from.extra);
    }
  }

  /** Set when the source has come to the end of a range: the counts of that moment, and the place. */
  settled: Settled | null = null;

  private note(): void {
    const at = this.cursor.settled;
    if (!at) return;
    this.cursor.settled = null;
    const place = {
      table: mappingName(this.mapping),
      after: keyToText(at.after),
      rows: at.rows,
      ranges: [...at.ranges],
      equal: String(this.equal),
      differing: String(this.differing),
      missing: String(this.missed),
      extra: String(this.extra),
    };
    this.settled = { at: place, sampled: [...this.sample()] };
  }

  get counts() {
    return {
      equal: BigInt(this.equal),
      differing: BigInt(this.differing),
      missing: BigInt(this.missed),
      extra: BigInt(this.extra),
    };
  }

  /** The memory of a piece is used again for the next one. */
  keepLast(): void {
    if (!this.lastTarget) return;
    const bytes = Buffer.from(rowBytes(this.lastTarget));
    this.lastTarget = { bytes, start: 0, end: bytes.length };
  }

  /** Rows from the i-th on that lie on both sides as one and the same stretch of messages; 0 where they must be looked at singly. */
  stretch({ bytes, count, starts, ends }: RowPiece, i: number): number {
    const { cursor } = this;
    if (this.ordered || !cursor.valid) return 0;
    const start = (starts[i] as number) - frameBytes;
    const most = start + cursor.left;
    let next = i;
    while (next < count && (ends[next] as number) <= most) next += 1;
    if (next === i) return 0;
    const end = ends[next - 1] as number;
    if (!cursor.isStretch(bytes, start, end)) return 0;
    this.equal += next - i;
    cursor.stepOverStretch(end - start, next - i);
    if (cursor.settled) this.note();
    return next - i;
  }

  /** The i-th row by itself. */
  one({ bytes, starts, ends }: RowPiece, i: number): 1 {
    this.target({ bytes, start: starts[i] as number, end: ends[i] as number });
    return 1;
  }

  private target(view: RowView): void {
    const { cursor } = this;
    if (!this.ordered && cursor.valid && cursor.isEqual(view.bytes, view.start, view.end)) {
      this.equal += 1;
      cursor.stepOver(view.end - view.start);
      if (cursor.settled) this.note();
      return;
    }
    this.ordered = true;
    if (this.lastTarget && this.compare(this.lastTarget, view) > 0) throw new OrderBroken();
    this.lastTarget = view;
    for (;;) {
      const same = cursor.valid && cursor.isEqual(view.bytes, view.start, view.end);
      const order = !cursor.valid ? 1 : same ? 0 : this.compare(cursor.view, view);
      if (order < 0) {
        this.missing();
        continue;
      }
      if (order > 0) {
        this.extra += 1;
        this.sink.difference({
          mapping: this.mapping,
          kind: 'extra',
          cells: null,
          source: null,
          target: rowBytes(view),
        });
        return;
      }
      if (same) this.equal += 1;
      else this.pair(rowBytes(view));
      this.step();
      return;
    }
  }

  private pair(row: Buffer): void {
    const source = rowBytes(this.cursor.view);
    if (differingColumns(this.mapping, source, row).length === 0) {
      this.equal += 1;
      return;
    }
    this.differing += 1;
    this.sink.difference({
      mapping: this.mapping,
      kind: 'differing',
      cells: this.cursor.cells,
      source,
      target: row,
    });
  }

  /** The source's row has no counterpart. */
  missing(): void {
    this.missed += 1;
    this.sink.difference({
      mapping: this.mapping,
      kind: 'missing',
      cells: this.cursor.cells,
      source: rowBytes(this.cursor.view),
      target: null,
    });
    this.step();
  }

  private step(): void {
    const { cursor } = this;
    const view = cursor.view;
    if (this.lastSource && this.compare(this.lastSource, view) >= 0) throw new OrderBroken();
    this.lastSource = view;
    cursor.next();
    if (cursor.settled) this.note();
  }
}
