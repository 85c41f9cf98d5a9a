import type { Socket } from 'node:net';
import type pg from 'pg';
import { ReadingSocket } from './reading-socket';

/** Rows of a COPY … TO STDOUT (FORMAT binary), where they lie in one piece of memory: row i is bytes[starts[i]..ends[i]], until the
 *  next piece is asked for. */
export type RowPiece = { bytes: Buffer; count: number; starts: Places; ends: Places };
type Places = Int32Array | number[];

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const [copyData, copyDone, errorResponse] = [0x64, 0x63, 0x45];
/** Bytes that wait for the reader; then the socket waits too, and the server with it. It goes on while there is still work for a
 *  while: a window that was shut opens again only after a fifth of a second at times. */
const mostWaiting = 8 * 1024 * 1024;
const fewWaiting = 6 * 1024 * 1024;

/** Reads rows off the session's own socket: no object a row. Who leaves before the end, ends the session. */
export async function* copyOut(client: pg.Client, sql: string): AsyncGenerator<RowPiece> {
  const reading = new CopyOut(sql);
  client.query(reading as unknown as pg.Submittable);
  try {
    for (let piece = await reading.next(); piece; piece = await reading.next()) if (piece.count) yield piece;
  } finally {
    reading.leave();
  }
  if (!reading.whole) throw new Error('the COPY stream ended before its trailer');
}

type Connection = { stream: Socket; query(sql: string): void };
type DataListener = (bytes: Buffer) => void;
/** `memory`: is to be given back to the socket once the bytes are done with. */
type Chunk = { bytes: Buffer; memory: Buffer | null };

/** Of a message; the method of Buffer checks its arguments, which costs more than the reading. */
const lengthAt = (bytes: Buffer, at: number): number =>
  ((bytes[at] as number) << 24) |
  ((bytes[at + 1] as number) << 16) |
  ((bytes[at + 2] as number) << 8) |
  (bytes[at + 3] as number);

class CopyOut {
  /** The trailer was seen. */
  whole = false;
  private connection: Connection | null = null;
  private driver: DataListener | null = null;
  private waiting: Chunk[] = [];
  /** What the last piece lies in. */
  private current: Chunk | null = null;
  private waitingBytes = 0;
  private paused = false;
  /** Where the rows of a chunk lie; used again for the next one. */
  private starts: Int32Array = new Int32Array(1024);
  private ends: Int32Array = new Int32Array(1024);
  /** What is left of a message that is not whole yet, its bytes so far and those it needs. */
  private rest: Buffer[] = [];
  private held = 0;
  private needed = 0;
  private begun = false;
  private settled: { error: Error | null } | null = null;
  private wake: () => void = () => undefined;

  constructor(private readonly sql: string) {}

  async next(): Promise<RowPiece | null> {
    this.release();
    for (;;) {
      const chunk = this.waiting.shift();
      if (chunk) {
        this.waitingBytes -= chunk.bytes.length;
        this.current = chunk;
        if (this.paused && this.driver && this.waitingBytes < fewWaiting) this.pause(false);
        return this.cut(chunk);
      }
      if (this.settled?.error) throw this.settled.error;
      if (this.settled) return null;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** The server would wait for ever for a reader that is gone, and every later query for the server. */
  leave(): void {
    if (!this.settled) this.connection?.stream.destroy();
  }

  private release(): void {
    const stream = this.connection?.stream;
    if (this.current?.memory && stream instanceof ReadingSocket) stream.giveBack(this.current.memory);
    this.current = null;
  }

  private readonly take = (bytes: Buffer, memory: Buffer | null = null): void => {
    if (!this.fillUp(bytes, memory)) this.waiting.push({ bytes, memory });
    this.waitingBytes += bytes.length;
    if (!this.paused && this.waitingBytes >= mostWaiting) this.pause(true);
    this.wake();
  };

  /** Puts a short reading behind the one before it, where there is room: a few kilobytes would keep the memory of many. */
  private fillUp(bytes: Buffer, memory: Buffer | null): boolean {
    const last = this.waiting.at(-1);
    const stream = this.connection?.stream;
    if (!last?.memory || !memory || !(stream instanceof ReadingSocket)) return false;
    const from = last.bytes.byteOffset - last.memory.byteOffset;
    const used = from + last.bytes.length;
    if (used + bytes.length > last.memory.length) return false;
    bytes.copy(last.memory, used);
    last.bytes = last.memory.subarray(from, used + bytes.length);
    stream.giveBack(memory);
    return true;
  }

  private pause(paused: boolean): void {
    this.paused = paused;
    if (paused) this.connection?.stream.pause();
    else this.connection?.stream.resume();
  }

  /** Whole messages of what has come; the rest waits for the next chunk. */
  private cut(chunk: Chunk): RowPiece {
    const { bytes } = chunk;
    if (!this.held) return this.rowsOf(bytes);
    const missing = this.needed - this.held;
    // A torn row is joined alone; where even its length is torn, or it is no row, the whole chunk is.
    const alone = this.needed > 5 && missing < bytes.length && this.rest[0]?.[0] === copyData;
    this.held += alone ? missing : bytes.length;
    // A row of hundreds of megabytes is joined once, not once a chunk.
    if (this.held < this.needed) {
      this.rest.push(Buffer.from(bytes));
      return { bytes, count: 0, starts: [], ends: [] };
    }
    this.rest.push(alone ? bytes.subarray(0, missing) : bytes);
    if (alone) {
      this.waiting.unshift({ bytes: bytes.subarray(missing), memory: chunk.memory });
      this.waitingBytes += bytes.length - missing;
      this.current = null;
    }
    return this.rowsOf(Buffer.concat(this.rest, this.held));
  }

  private rowsOf(bytes: Buffer): RowPiece {
    const piece: RowPiece = { bytes, count: 0, starts: this.starts, ends: this.ends };
    let at = 0;
    this.needed = 5;
    while (at + 5 <= bytes.length) {
      const kind = bytes[at] as number;
      const end = at + 1 + lengthAt(bytes, at + 1);
      // What the driver must see is handed to it from here on, whole or not.
      if (kind === errorResponse || kind === copyDone) {
        this.giveBack(bytes.subarray(kind === copyDone ? end : at));
        return piece;
      }
      if (end > bytes.length) {
        this.needed = end - at;
        break;
      }
      if (kind === copyData) this.addRow(piece, at + 5, end);
      at = end;
    }
    this.held = bytes.length - at;
    this.rest = this.held ? [Buffer.from(bytes.subarray(at))] : [];
    return piece;
  }

  private addRow(piece: RowPiece, start: number, end: number): void {
    let from = start;
    if (!this.begun) {
      if (piece.bytes.compare(signature, 0, signature.length, from, from + signature.length) !== 0)
        throw new Error('the COPY stream begins with something else than rows');
      from += 19 + piece.bytes.readInt32BE(from + 15);
      this.begun = true;
    }
    if (from === end) return;
    // A count of fields below zero is the trailer.
    if ((piece.bytes[from] as number) >= 0x80) {
      this.whole = true;
      return;
    }
    if (piece.count === this.starts.length) this.growPlaces(piece);
    piece.starts[piece.count] = from;
    piece.ends[piece.count] = end;
    piece.count += 1;
  }

  private growPlaces(piece: RowPiece): void {
    const grown = (old: Int32Array): Int32Array => {
      const made = new Int32Array(old.length * 2);
      made.set(old);
      return made;
    };
    piece.starts = this.starts = grown(this.starts);
    piece.ends = this.ends = grown(this.ends);
  }

  /** The driver listens again; it gets what has come since. */
  private giveBack(bytes: Buffer): void {
    const { stream } = this.connection as Connection;
    const driver = this.driver as DataListener;
    // The driver may keep what it gets.
    const later = [bytes, ...this.waiting.map((chunk) => chunk.bytes)].map((part) => Buffer.from(part));
    this.waiting = [];
    this.rest = [];
    this.held = 0;
    this.driver = null;
    if (stream instanceof ReadingSocket) stream.taker = null;
    else stream.removeListener('data', this.take);
    stream.on('data', driver);
    for (const part of later) if (part.length) driver(part);
    stream.resume();
  }

  // What follows is called by the driver.

  submit(connection: Connection): void {
    this.connection = connection;
    const { stream } = connection;
    this.driver = stream.listeners('data')[0] as DataListener;
    stream.removeListener('data', this.driver);
    if (stream instanceof ReadingSocket) stream.taker = this.take;
    else stream.on('data', this.take);
    connection.query(this.sql);
  }

  callback(): void {}

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.settled ??= { error: null };
    this.wake();
  }

  handleError(error: Error): void {
    if (this.driver) this.giveBack(Buffer.alloc(0));
    this.settled ??= { error };
    this.wake();
  }
}
