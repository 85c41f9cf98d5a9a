import { hash } from 'node:crypto';
import type pg from 'pg';
import { rowFields } from './binary-rows';
import { canonicalRow, hasMisfit, rowBytes } from './compare-cells';
import { copyOut } from './copy-out';
import { Buckets, bucketOf } from './diff-buckets';
import type { DiffSink, TableResult } from './diff-sink';
import { keyIndexes } from './row-key';
import type { SourceCursor } from './source-cursor';
import { breathe } from './source-readers';
import { copyOutSql } from './target-sql';
import type { TableMapping } from './types';

/** Rows of buckets that are not equal, held in memory at once; more of them are looked at in several passes. */
const rowsPerPass = 100_000;

type Counted = { content: string; rows: number };
type Wanted = Map<string, { kind: 'differing' | 'missing'; target: Buffer | null; rows: number }>;

/** Compares where no common order exists: by a digest of the key, or of the whole row where there is no key (a multiset). Both sides
 *  are first reduced to sums a bucket; only rows of buckets whose sums differ are read again and told apart. */
export async function hashTables(
  client: pg.Client,
  mapping: TableMapping,
  openCursor: () => SourceCursor,
  sink: DiffSink,
  onRows: (rows: number) => void,
): Promise<TableResult> {
  const namer = new RowNamer(mapping);
  const buckets = new Buckets();
  const first = openCursor();
  await eachSource(first, onRows, (row) => {
    const { id, content } = namer.names(row);
    buckets.source(id, content);
  });
  await eachTarget(client, mapping, sink, (row) => {
    const { id, content } = namer.names(row);
    buckets.target(id, content);
  });
  const { equal, unequal } = buckets.settle(rowsPerPass);
  const join = new HashJoin(mapping, sink, namer, BigInt(equal));
  for (const mine of unequal) {
    await eachSource(openCursor(), ignore, (row) => join.readSource(row, mine));
    await eachTarget(client, mapping, sink, (row) => join.readTarget(row, mine));
    await join.tellSource(openCursor());
  }
  return { ...join.counts, rows: BigInt(first.rows), rangeDigests: first.ranges, digest: first.finish() };
}

const ignore = () => undefined;

async function eachSource(cursor: SourceCursor, onRows: (rows: number) => void, see: (row: Buffer) => void) {
  let told = 0;
  for (; cursor.valid; cursor.next()) {
    see(rowBytes(cursor.view));
    if (cursor.rows === told) continue;
    onRows(cursor.rows - told);
    told = cursor.rows;
    await breathe();
  }
}

async function eachTarget(client: pg.Client, mapping: TableMapping, sink: DiffSink, see: (row: Buffer) => void) {
  for await (const { bytes, count, starts, ends } of copyOut(client, copyOutSql(mapping, []))) {
    for (let i = 0; i < count; i += 1) see(bytes.subarray(starts[i], ends[i]));
    await sink.flush();
    await breathe();
  }
}

/** Digests that name a row and its content. Without a key the content is the identity. */
class RowNamer {
  readonly key: number[];

  constructor(private readonly mapping: TableMapping) {
    this.key = keyIndexes(mapping);
  }

  names(row: Buffer): { id: Buffer; content: Buffer } {
    // A row with a cell that fits nowhere can equal nothing; its own bytes name it.
    const content = digest(hasMisfit(row) ? row : canonicalRow(this.mapping, row));
    if (!this.key.length) return { id: content, content };
    const fields = rowFields(row);
    const parts = this.key.flatMap((i) => [
      Buffer.from(fields[i] ? `${fields[i]?.length}:` : 'null:'),
      fields[i] ?? Buffer.alloc(0),
    ]);
    return { id: digest(Buffer.concat(parts)), content };
  }
}

class HashJoin {
  readonly counts = { equal: 0n, differing: 0n, missing: 0n, extra: 0n };
  private held = new Map<string, Counted>();
  private wanted: Wanted = new Map();

  constructor(
    private readonly mapping: TableMapping,
    private readonly sink: DiffSink,
    private readonly namer: RowNamer,
    equal: bigint,
  ) {
    this.counts.equal = equal;
  }

  readSource(row: Buffer, mine: Set<number>): void {
    const { id, content } = this.namer.names(row);
    if (!mine.has(bucketOf(id))) return;
    const name = id.toString('latin1');
    const known = this.held.get(name);
    if (known) known.rows += 1;
    else this.held.set(name, { content: content.toString('latin1'), rows: 1 });
  }

  readTarget(row: Buffer, mine: Set<number>): void {
    const { id, content } = this.namer.names(row);
    if (!mine.has(bucketOf(id))) return;
    const name = id.toString('latin1');
    const known = this.held.get(name);
    if (!known || known.rows === 0) {
      this.counts.extra += 1n;
      this.sink.difference({ mapping: this.mapping, kind: 'extra', cells: null, source: null, target: row });
      return;
    }
    known.rows -= 1;
    if (known.content === content.toString('latin1')) this.counts.equal += 1n;
    else {
      this.counts.differing += 1n;
      this.wanted.set(name, { kind: 'differing', target: Buffer.from(row), rows: 1 });
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
      const name = this.namer.names(row).id.toString('latin1');
      const want = this.wanted.get(name);
      if (!want) continue;
      const { kind, target } = want;
      this.sink.difference({ mapping: this.mapping, kind, cells: cursor.cells, source: row, target });
      want.rows -= 1;
      if (want.rows === 0) this.wanted.delete(name);
      await this.sink.flush();
    }
    this.wanted = new Map();
  }
}

const digest = (bytes: Buffer): Buffer => hash('sha256', bytes, 'buffer').subarray(0, 16);
