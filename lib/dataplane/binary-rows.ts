const headerBytes = 19;

/** Cuts PostgreSQL's binary COPY stream into rows. A row begins with its field count; the file header and trailer are left out. */
export class BinaryRowParser {
  private parts: Buffer[] = [];
  private held = 0;
  private needed = headerBytes;
  private begun = false;
  ended = false;

  /** Whole rows of this piece; they are views into it and live as long as it does. */
  push(piece: Buffer): Buffer[] {
    this.parts.push(piece);
    this.held += piece.length;
    // A row of hundreds of megabytes arrives in small pieces: they are joined once, not once a piece.
    if (this.held < this.needed) return [];
    const bytes = this.parts.length === 1 ? piece : Buffer.concat(this.parts, this.held);
    let at = 0;
    if (!this.begun) {
      at = headerBytes + bytes.readInt32BE(15);
      this.begun = true;
    }
    const rows: Buffer[] = [];
    for (;;) {
      const end = this.endOfRow(bytes, at);
      if (end < 0) break;
      rows.push(bytes.subarray(at, end));
      at = end;
    }
    this.parts = at < bytes.length ? [bytes.subarray(at)] : [];
    this.held = bytes.length - at;
    return rows;
  }

  /** End of the row that begins at `at`, or -1 when it is not all there; then `needed` says how many bytes would do. */
  private endOfRow(bytes: Buffer, at: number): number {
    this.needed = 2;
    if (at + 2 > bytes.length) return -1;
    const fields = bytes.readInt16BE(at);
    if (fields < 0) {
      this.ended = true;
      return -1;
    }
    let end = at + 2;
    for (let i = 0; i < fields; i += 1) {
      this.needed = end + 4 - at;
      if (end + 4 > bytes.length) return -1;
      const size = bytes.readInt32BE(end);
      end += 4 + (size > 0 ? size : 0);
      this.needed = end - at;
      if (end > bytes.length) return -1;
    }
    return end;
  }
}

/** The fields of a row, null for NULL. */
export function rowFields(row: Buffer): (Buffer | null)[] {
  const count = row.readInt16BE(0);
  const fields: (Buffer | null)[] = [];
  let at = 2;
  for (let i = 0; i < count; i += 1) {
    const size = row.readInt32BE(at);
    at += 4;
    fields.push(size < 0 ? null : row.subarray(at, at + size));
    at += Math.max(0, size);
  }
  return fields;
}

export const binaryHeader = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
export const binaryTrailer = Buffer.from([0xff, 0xff]);
