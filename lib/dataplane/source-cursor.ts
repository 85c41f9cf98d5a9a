import { createHash, type Hash } from 'node:crypto';
import type { Cell } from '@/lib/sources/source';
import type { RowReader } from '@/lib/sources/sqlite-rows';
import type { RowEncoder } from './encode-row';
import { RowBuffer } from './row-buffer';
import type { RowView } from './row-key';

const ignore = () => undefined;

/** Walks the source's rows in encoded form, and digests each page of them. */
export class SourceCursor {
  /** The row it stands on; only to be read while `valid`. */
  readonly view: RowView = { bytes: Buffer.alloc(0), start: 0, end: 0 };
  valid = true;
  pages = 0;
  rows = 0;
  private readonly digest: Hash = createHash('sha256');
  private ends: number[] = [];
  private page: Cell[][] = [];
  private at = 0;
  private after: Cell[] | null = null;

  constructor(
    private readonly reader: RowReader,
    private readonly encode: RowEncoder,
  ) {
    this.turn();
  }

  get cells(): Cell[] {
    return this.page[this.at] as Cell[];
  }

  next(): void {
    this.at += 1;
    if (this.at >= this.page.length) {
      this.turn();
      return;
    }
    this.view.start = this.view.end;
    this.view.end = this.ends[this.at] as number;
  }

  private turn(): void {
    const page = this.reader.read(this.after);
    if (!page) {
      this.valid = false;
      return;
    }
    // A buffer of its own for each page: rows of the page before may still be held.
    const out = new RowBuffer();
    this.ends = page.rows.map((row) => {
      this.encode(row, out, ignore);
      return out.length;
    });
    this.digest.update(createHash('sha256').update(out.view()).digest());
    this.pages += 1;
    this.rows += page.rows.length;
    this.after = page.lastKey;
    this.page = page.rows;
    this.at = 0;
    Object.assign(this.view, { bytes: out.bytes, start: 0, end: this.ends[0] });
  }

  /** SHA-256 over the digests of all pages read so far. */
  finish(): string {
    return this.digest.copy().digest('hex');
  }
}
