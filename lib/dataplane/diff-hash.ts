import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Cell } from '@/lib/sources/source';
import { rowFields } from './binary-rows';
import { canonicalRow, hasMisfit, rowBytes } from './compare-cells';
import type { DiffSink, TableResult } from './diff-sink';
import { keyIndexes } from './row-key';
import type { SourceCursor } from './source-cursor';
import { breathe } from './source-readers';
import { targetRows } from './target-rows';
import { copyOutSql } from './target-sql';
import type { TableMapping } from './types';

/** Rows held in memory at once; a longer table is read in several passes, each looking at one share of the rows. */
const rowsPerPass = 400_000;

type Counted = { content: string; rows: number };
type Wanted = Map<string, { kind: 'differing' | 'missing'; target: Buffer | null; rows: number }>;

/** Compares where no common order exists: by a digest of the key, or of the whole row where there is no key (a multiset). */
export async function hashTables(
  client: pg.Client,
  mapping: TableMapping,
  openCursor: () => SourceCursor,
  sourceRows: bigint,
  sink: DiffSink,
  onRows: (rows: number) => void,
): Promise<TableResult> {
  const passes = Math.max(1, Math.ceil(Number(sourceRows) / rowsPerPass));
  const join = new HashJoin(mapping, sink, passes);
  let first: SourceCursor | null = null;
  for (let pass = 0; pass < passes; pass += 1) {
    const cursor = openCursor();
    first ??= cursor;
    await join.readSource(cursor, pass, pass === 0 ? onRows : () => undefined);
    for await (const rows of targetRows(client, copyOutSql(mapping, []))) {
      for (const row of rows) join.readTarget(row, pass);
      await sink.flush();
      await breathe();
    }
    await join.tellSource(openCursor());
  }
  const rows = BigInt(first?.rows ?? 0);
  return { ...join.counts, rows, rangeDigests: first?.pages ?? 0, digest: first?.finish() ?? '' };
}

class HashJoin {
  readonly counts = { equal: 0n, differing: 0n, missing: 0n, extra: 0n };
  private held = new Map<string, Counted>();
  private wanted: Wanted = new Map();
  private readonly key: number[];

  constructor(
    private readonly mapping: TableMapping,
    private readonly sink: DiffSink,
    private readonly passes: number,
  ) {
    this.key = keyIndexes(mapping);
  }

  /** Identity and content of a row. Without a key the content is the identity. */
  private names(row: Buffer): { id: string; content: string } {
    // A row with a cell that fits nowhere can equal nothing; its own bytes name it.
    const whole = hasMisfit(row) ? row : canonicalRow(this.mapping, row);
    const content = digest(whole);
    if (!this.key.length) return { id: content, content };
    const fields = rowFields(row);
    const parts = this.key.flatMap((i) => [
      Buffer.from(fields[i] ? `${fields[i]?.length}:` : 'null:'),
      fields[i] ?? Buffer.alloc(0),
    ]);
    return { id: digest(Buffer.concat(parts)), content };
  }

  private mine(id: string, pass: number): boolean {
    return id.charCodeAt(0) % this.passes === pass;
  }

  async readSource(cursor: SourceCursor, pass: number, onRows: (rows: number) => void): Promise<void> {
    this.held = new Map();
    let told = 0;
    for (; cursor.valid; cursor.next()) {
      const { id, content } = this.names(rowBytes(cursor.view));
      if (this.mine(id, pass)) {
        const known = this.held.get(id);
        if (known) known.rows += 1;
        else this.held.set(id, { content, rows: 1 });
      }
      if (cursor.rows - told >= 5000) {
        onRows(cursor.rows - told);
        told = cursor.rows;
        await breathe();
      }
    }
    onRows(cursor.rows - told);
  }

  readTarget(row: Buffer, pass: number): void {
    const { id, content } = this.names(row);
    if (!this.mine(id, pass)) return;
    const known = this.held.get(id);
    if (!known || known.rows === 0) {
      this.counts.extra += 1n;
      this.sink.difference(this.mapping, 'extra', null, null, row);
      return;
    }
    known.rows -= 1;
    if (known.content === content) this.counts.equal += 1n;
    else {
      this.counts.differing += 1n;
      this.wanted.set(id, { kind: 'differing', target: Buffer.from(row), rows: 1 });
    }
  }

  /** What is left has no counterpart. The source is read once more to tell the differing and missing rows. */
  async tellSource(cursor: SourceCursor): Promise<void> {
    for (const [id, { rows }] of this.held) {
      if (rows === 0) continue;
      this.counts.missing += BigInt(rows);
      this.wanted.set(id, { kind: 'missing', target: null, rows });
    }
    this.held = new Map();
    for (; cursor.valid && this.wanted.size; cursor.next()) {
      const row = rowBytes(cursor.view);
      const { id } = this.names(row);
      const want = this.wanted.get(id);
      if (!want) continue;
      this.sink.difference(this.mapping, want.kind, cursor.cells as Cell[], row, want.target);
      want.rows -= 1;
      if (want.rows === 0) this.wanted.delete(id);
      await this.sink.flush();
    }
    this.wanted = new Map();
  }
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest().toString('latin1', 0, 16);
