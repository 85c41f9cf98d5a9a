import { closeSync, fstatSync, openSync, readSync, constants } from 'node:fs';
import { CutoverError } from '@/lib/errors';

const pieceBytes = 1024 * 1024;

/** A place in a file of JSON. Columns count bytes, from 1. */
export type JsonPlace = { line: number; column: number; offset: number };

/** Why a text is no JSON, and where. `torn`: it ends too soon. */
export class NotJson extends Error {
  constructor(
    readonly what: string,
    readonly place: JsonPlace,
    readonly torn: boolean,
  ) {
    super(what);
  }

  /** The refusal a person sees. */
  refusal(file: string): CutoverError {
    const at = `${this.place.line}:${this.place.column}`;
    return new CutoverError({
      code: 'source_not_json',
      message: this.torn ? `${file} ends at ${at} ${this.what}.` : `${file}:${at}: ${this.what}.`,
      advice: this.torn
        ? 'The file was cut while it was written. Stop its application first: many take such a file for empty and write over it. Then put back its last whole copy and try again; nothing was changed.'
        : 'Mend this place in the file, then try again; nothing was changed.',
      facts: { file, ...this.place },
    });
  }
}

/**
 * A file (or bytes in memory) as a window that moves forward. Bytes from `kept` on stay in it, so that memory is bounded by
 * the longest piece that somebody keeps: one record.
 */
export class JsonWindow {
  bytes: Buffer = Buffer.alloc(0);
  /** Position in `bytes`. */
  at = 0;
  line = 1;
  /** Offset at which the line begins. */
  lineStart = 0;
  /** Offset of the first byte that must stay; null: none. */
  kept: number | null = null;
  /** Offset of bytes[0]. */
  private base = 0;
  private ended = false;

  private constructor(private readonly fd: number | null) {}

  static of(bytes: Buffer): JsonWindow {
    const window = new JsonWindow(null);
    window.bytes = bytes;
    window.ended = true;
    return window;
  }

  /** Opens a regular file without following a link, runs work, closes it. */
  static open<T>(path: string, work: (window: JsonWindow) => T): T {
    const { window, close } = JsonWindow.opened(path);
    try {
      return work(window);
    } finally {
      close();
    }
  }

  /** The same for whoever closes it. */
  static opened(path: string): { window: JsonWindow; close(): void } {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const close = () => closeSync(fd);
    if (fstatSync(fd).isFile()) return { window: new JsonWindow(fd), close };
    close();
    throw new TypeError(`${path} is no regular file`);
  }

  get offset(): number {
    return this.base + this.at;
  }

  /** The byte it stands on; -1 at the end. */
  peek(): number {
    if (this.at < this.bytes.length) return this.bytes[this.at] as number;
    return this.fill() ? (this.bytes[this.at] as number) : -1;
  }

  newLine(): void {
    this.line += 1;
    this.lineStart = this.offset;
  }

  place(offset = this.offset): JsonPlace {
    return { line: this.line, column: offset - this.lineStart + 1, offset };
  }

  /** Bytes between two offsets that are still in the window. */
  slice(from: number, to: number): Buffer {
    return this.bytes.subarray(from - this.base, to - this.base);
  }

  fail(what: string, place = this.place()): never {
    throw new NotJson(what, place, false);
  }

  /** The end came too soon: the place is the last byte there is. */
  tear(what: string): never {
    throw new NotJson(what, this.place(Math.max(this.lineStart, this.offset - 1)), true);
  }

  private fill(): boolean {
    if (this.ended || this.fd === null) return false;
    const from = this.kept === null ? this.at : Math.min(this.at, this.kept - this.base);
    const rest = this.bytes.subarray(from);
    // A long record doubles the window, so that it is not copied anew for each piece.
    const piece = Buffer.allocUnsafe(Math.max(pieceBytes, rest.length) + rest.length);
    rest.copy(piece);
    const read = readSync(this.fd, piece, rest.length, piece.length - rest.length, null);
    this.base += from;
    this.at -= from;
    this.bytes = piece.subarray(0, rest.length + read);
    if (read === 0) this.ended = true;
    return read > 0;
  }
}
