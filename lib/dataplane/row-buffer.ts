/** From about here on the runtime's own encoder is faster than a loop over the letters. */
const longestByLetter = 48;

/** Kind and length that a row has before it as a message of the COPY protocol. */
export const frameBytes = 5;

/** Bytes of encoded rows, grown by doubling and reused: no allocation a cell. */
export class RowBuffer {
  bytes: Buffer;
  length = 0;
  /** Writes numbers without the checks of Buffer's own methods, which cost more than the writing. */
  private numbers: DataView;

  constructor(capacity = 256 * 1024) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
    this.numbers = new DataView(this.bytes.buffer);
  }

  clear(): void {
    this.length = 0;
  }

  /** Makes room for `extra` more bytes; returns where they begin. Call it before reading `bytes`, which it may replace. */
  reserve(extra: number): number {
    const needed = this.length + extra;
    if (needed > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
      this.bytes.copy(grown, 0, 0, this.length);
      this.bytes = grown;
      this.numbers = new DataView(grown.buffer);
    }
    return this.length;
  }

  int16(value: number): void {
    const at = this.reserve(2);
    this.numbers.setInt16(at, value);
    this.length = at + 2;
  }

  int32(value: number): void {
    const at = this.reserve(4);
    this.numbers.setInt32(at, value);
    this.length = at + 4;
  }

  /** A number is a safe integer. */
  int64(value: bigint | number): void {
    const at = this.reserve(8);
    if (typeof value === 'bigint') this.numbers.setBigInt64(at, value);
    else {
      const high = Math.floor(value / 0x1_0000_0000);
      this.numbers.setInt32(at, high);
      this.numbers.setUint32(at + 4, value - high * 0x1_0000_0000);
    }
    this.length = at + 8;
  }

  float32(value: number): void {
    const at = this.reserve(4);
    this.numbers.setFloat32(at, value);
    this.length = at + 4;
  }

  float64(value: number): void {
    const at = this.reserve(8);
    this.numbers.setFloat64(at, value);
    this.length = at + 8;
  }

  /** Room for the head of a message; returns where it begins. */
  openFrame(): number {
    const start = this.reserve(frameBytes);
    this.length = start + frameBytes;
    return start;
  }

  /** Writes the head of the message that began there: 'd', and its length with itself. */
  closeFrame(start: number): void {
    this.bytes[start] = 0x64;
    this.numbers.setInt32(start + 1, this.length - start - 1);
  }

  /** A field: its length, then its bytes. */
  field(bytes: Buffer): void {
    this.int32(bytes.length);
    const at = this.reserve(bytes.length);
    bytes.copy(this.bytes, at);
    this.length = at + bytes.length;
  }

  /** A field of text if it is short and plain ASCII without NUL, which needs no further proof; else nothing. */
  asciiText(text: string): boolean {
    const { length } = text;
    if (length > longestByLetter) return false;
    const at = this.reserve(4 + length);
    const { bytes } = this;
    let seen = 0;
    for (let i = 0; i < length; i += 1) {
      const letter = text.charCodeAt(i);
      if (letter === 0) return false;
      seen |= letter;
      bytes[at + 4 + i] = letter;
    }
    if (seen > 127) return false;
    this.numbers.setInt32(at, length);
    this.length = at + 4 + length;
    return true;
  }

  /** A field of UTF-8 text. */
  text(text: string): void {
    const at = this.reserve(4 + text.length * 3);
    const size = this.bytes.write(text, at + 4, 'utf8');
    this.numbers.setInt32(at, size);
    this.length = at + 4 + size;
  }

  view(from = 0): Buffer {
    return this.bytes.subarray(from, this.length);
  }

  /** A copy that outlives the next clear(). */
  copy(from = 0): Buffer {
    return Buffer.from(this.view(from));
  }
}
