/** Bytes of encoded rows, grown by doubling and reused: no allocation a cell. */
export class RowBuffer {
  bytes: Buffer;
  length = 0;

  constructor(capacity = 256 * 1024) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
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
    }
    return this.length;
  }

  int16(value: number): void {
    const at = this.reserve(2);
    this.length = this.bytes.writeInt16BE(value, at);
  }

  int32(value: number): void {
    const at = this.reserve(4);
    this.length = this.bytes.writeInt32BE(value, at);
  }

  int64(value: bigint): void {
    const at = this.reserve(8);
    this.length = this.bytes.writeBigInt64BE(value, at);
  }

  float32(value: number): void {
    const at = this.reserve(4);
    this.length = this.bytes.writeFloatBE(value, at);
  }

  float64(value: number): void {
    const at = this.reserve(8);
    this.length = this.bytes.writeDoubleBE(value, at);
  }

  /** A field: its length, then its bytes. */
  field(bytes: Buffer): void {
    this.int32(bytes.length);
    const at = this.reserve(bytes.length);
    bytes.copy(this.bytes, at);
    this.length = at + bytes.length;
  }

  /** A field of UTF-8 text. */
  text(text: string): void {
    const at = this.reserve(4 + text.length * 3);
    const size = this.bytes.write(text, at + 4, 'utf8');
    this.bytes.writeInt32BE(size, at);
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
