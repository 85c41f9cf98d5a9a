import type { Cell } from '@/lib/sources/source';
import type { EncodedPage, EncodedReader } from './encoded-reader';

/** A page of a batch; `last`: the batch ends with it. */
export type BatchPage = EncodedPage & { last: boolean };
export type BatchLimits = { rows: number; bytes: number };

/** Reads a table ahead of the server, and cuts its pages into batches. Pages waiting stay few, so memory stays bounded. */
export class PageAhead {
  private readonly waiting: BatchPage[] = [];
  private rows = 0;
  private bytes = 0;
  private ended = false;

  constructor(
    private readonly reader: EncodedReader,
    private after: Cell[] | null,
    private readonly limits: BatchLimits,
  ) {}

  /** The page to be sent next; read now if it is not waiting already. */
  next(): BatchPage | null {
    this.readAhead(1);
    return this.waiting.shift() ?? null;
  }

  /** Encodes while the server is at work with what it has: called between a write and waiting for it. */
  readAhead(pages: number): void {
    while (this.waiting.length < pages && !this.ended) this.readOne();
  }

  private readOne(): void {
    const room = this.limits.rows - this.rows;
    const page = this.reader.read(this.after, Number.isFinite(room) ? room : undefined);
    if (!page) {
      this.ended = true;
      return;
    }
    this.after = page.lastKey;
    this.rows += page.rows;
    this.bytes += page.bytes.length;
    const last = this.rows >= this.limits.rows || this.bytes >= this.limits.bytes;
    if (last) [this.rows, this.bytes] = [0, 0];
    this.waiting.push({ ...page, last });
  }
}
