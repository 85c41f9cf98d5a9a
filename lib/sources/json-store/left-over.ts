import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes between two records beyond which nobody looks whether they are all blanks. */
const longestGap = 16 * 1024 * 1024;
const pieceBytes = 1024 * 1024;

/** Between the records of a file stand blanks, commas and brackets; in an object-map or lists of an object also names. */
const frames = {
  list: /^[\s,[\]]*$/,
  object: /^(?:[\s,[\]{}]|"(?:[^"\\]|\\.)*"\s*:)*$/s,
};

/** Tells of every stretch of a file that belongs to no record and is no frame either. Memory: one piece of the file, or the gap.
 *  @param spans offset and length of every record, in order */
export function eachLeftOver(
  full: string,
  frame: keyof typeof frames,
  spans: Iterable<readonly [bigint, bigint]>,
  tell: (from: number, to: number) => void,
): void {
  const fd = openSync(full, 'r');
  const file = new Forward(fd);
  try {
    let at = 0;
    const judge = (to: number) => {
      if (to < at || to - at > longestGap || !frames[frame].test(file.text(at, to))) tell(at, to);
    };
    for (const [offset, bytes] of spans) {
      judge(Number(offset));
      at = Number(offset) + Number(bytes);
    }
    judge(fstatSync(fd).size);
  } finally {
    closeSync(fd);
  }
}

/** A file that is read forward, a piece at a time. */
class Forward {
  private piece = Buffer.alloc(0);
  private base = 0;

  constructor(private readonly fd: number) {}

  text(from: number, to: number): string {
    if (from < this.base || to > this.base + this.piece.length) this.load(from, Math.max(pieceBytes, to - from));
    return this.piece.toString('latin1', from - this.base, to - this.base);
  }

  private load(from: number, length: number): void {
    const piece = Buffer.allocUnsafe(length);
    let read = 0;
    for (let more = -1; more !== 0 && read < length; read += more)
      more = readSync(this.fd, piece, read, length - read, from + read);
    this.piece = piece.subarray(0, read);
    this.base = from;
  }
}
