import { createHash, type Hash } from 'node:crypto';
import type { Cell } from '@/lib/sources/source';
import type { EncodedPage, EncodedReader } from './encoded-reader';
import { OrderBroken, type RowView } from './row-key';
import { frameBytes, RowBuffer } from './row-buffer';

/** Rows of one range digest. Ranges are cut by count, so both encoders give the same digests. */
export const rangeRows = 10_000;
/** Of so many accelerated pages one is encoded a second time from what the driver reads, and compared. */
const checkedPages = 64;
const ignore = () => undefined;

/** Rows up to a key, all of them in whole ranges. */
export type SettledRanges = { after: Cell[]; rows: number; ranges: string[] };

/** Walks the source's rows in encoded form, framed as the server frames its own, and digests each range of them. */
export class SourceCursor {
  valid = true;
  /** Rows of the pages read so far. */
  rows = 0;
  /** Ranges begun. */
  ranges = 0;
  private page: EncodedPage = {
    bytes: Buffer.alloc(0),
    rows: 0,
    after: null,
    firstKey: [],
    lastKey: [],
    native: false,
  };
  private start = 0;
  /** Number of the row within its page. */
  private at = 0;
  private pages = 0;
  private after: Cell[] | null = null;
  private cellsRead: { page: EncodedPage; rows: Cell[][] } | null = null;
  /** SHA-256 of each whole range. */
  private readonly closed: string[] = [];
  private range: Hash = createHash('sha256');
  /** How far everything before it is settled, once it has stepped over the last row of a range. */
  settled: SettledRanges | null = null;

  constructor(
    private readonly reader: EncodedReader,
    from: SettledRanges | null = null,
  ) {
    if (from) {
      this.after = from.after;
      this.rows = from.rows;
      this.closed = [...from.ranges];
      this.ranges = from.ranges.length;
    }
    this.turn();
  }

  /** The row it stands on; only to be read while `valid`. */
  get view(): RowView {
    return { bytes: this.page.bytes, start: this.start, end: this.end() };
  }

  /** Whether this is the very row, byte for byte. A row tells its own length, so equal bytes are equal rows. */
  isEqual(bytes: Buffer, start: number, end: number): boolean {
    const own = this.page.bytes;
    const last = this.start + end - start;
    return last <= own.length && own.compare(bytes, start, end, this.start, last) === 0;
  }

  /** Steps over a row that isEqual() has found to be so long. */
  stepOver(length: number): void {
    this.step(this.start + length, 1);
  }

  /** Whether so many bytes of messages from the row it stands on are these very ones. */
  isStretch(bytes: Buffer, start: number, end: number): boolean {
    const from = this.start - frameBytes;
    return this.page.bytes.compare(bytes, start, end, from, from + end - start) === 0;
  }

  /** Bytes of messages that are left of its page, from the row it stands on. */
  get left(): number {
    return this.page.bytes.length - this.start + frameBytes;
  }

  /** Steps over so many rows that isStretch() has found to be so long. */
  stepOverStretch(length: number, rows: number): void {
    this.step(this.start - frameBytes + length, rows);
  }

  next(): void {
    this.step(this.end(), 1);
  }

  private step(end: number, rows: number): void {
    this.start = end + frameBytes;
    this.at += rows;
    if (end >= this.page.bytes.length) this.turn();
  }

  private end(): number {
    return this.start - 4 + this.page.bytes.readInt32BE(this.start - 4);
  }

  private turn(): void {
    const used = this.rows % rangeRows;
    if (!used && this.after) this.settled = { after: this.after, rows: this.rows, ranges: this.closed };
    const page = this.reader.read(this.after, rangeRows - used);
    if (!page) {
      this.valid = false;
      if (used) this.closeRange();
      return;
    }
    // Nothing lies behind a NULL: such a key cannot be read on from.
    if (page.lastKey.includes(null)) throw new OrderBroken();
    if (page.native && this.pages % checkedPages === 0) this.check(page);
    this.pages += 1;
    if (!used) this.ranges += 1;
    this.range.update(page.bytes);
    this.rows += page.rows;
    if (this.rows % rangeRows === 0) this.closeRange();
    this.after = page.lastKey;
    this.page = page;
    this.start = frameBytes;
    this.at = 0;
  }

  private closeRange(): void {
    this.closed.push(this.range.digest('hex'));
    this.range = createHash('sha256');
  }

  /** The cells of the row it stands on, read by the driver and not by the accelerator. */
  get cells(): Cell[] {
    if (this.cellsRead?.page !== this.page) this.cellsRead = { page: this.page, rows: [] };
    const { rows } = this.cellsRead;
    const { reader } = this;
    while (rows.length <= this.at) {
      const last = rows.at(-1);
      const key = last ? last.slice(-this.page.lastKey.length) : this.page.after;
      const read = reader.plain.read(key, this.page.rows - rows.length);
      if (!read) throw new Error('a row of the source could not be read a second time');
      rows.push(...read.rows);
    }
    const cells = rows[this.at] as Cell[];
    if (this.page.native) this.require(cells);
    return cells;
  }

  /** What the accelerator encoded must be what the TypeScript encoder makes of the same cells. */
  private require(cells: readonly Cell[]): void {
    const { bytes, start, end } = this.view;
    const again = new RowBuffer(1024);
    this.reader.add(cells, again, ignore);
    if (again.view(frameBytes).compare(bytes, start, end) !== 0) throw accelerationError();
  }

  private check(page: EncodedPage): void {
    const again = new RowBuffer(page.bytes.length + 64);
    for (let [key, rows] = [page.after, 0]; rows < page.rows; ) {
      const read = this.reader.plain.read(key, page.rows - rows);
      if (!read) throw accelerationError();
      for (const row of read.rows) this.reader.add(row, again, ignore);
      key = read.lastKey;
      rows += read.rows.length;
    }
    if (!again.view().equals(page.bytes)) throw accelerationError();
  }

  /** SHA-256 over the digests of all ranges, once it has come to the end. */
  finish(): string {
    const digest = createHash('sha256');
    for (const range of this.closed) digest.update(Buffer.from(range, 'hex'));
    return digest.digest('hex');
  }
}

const accelerationError = () =>
  new Error('The accelerator and the TypeScript encoder disagree; run with CUTOVER_ACCELERATOR=off and report this.');
