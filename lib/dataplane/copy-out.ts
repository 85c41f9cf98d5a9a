import type { Socket } from 'node:net';
import type pg from 'pg';

/** Rows of a COPY … TO STDOUT (FORMAT binary), where they lie in one piece of memory: row i is bytes[starts[i]..ends[i]]. */
export type RowPiece = { bytes: Buffer; count: number; starts: number[]; ends: number[] };

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const [copyData, copyDone, errorResponse] = [0x64, 0x63, 0x45];
/** Chunks of the socket that wait for the reader; then the socket waits too, and the server with it. */
const mostWaiting = 8;

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

class CopyOut {
  /** The trailer was seen. */
  whole = false;
  private connection: Connection | null = null;
  private driver: DataListener | null = null;
  private waiting: Buffer[] = [];
  /** What is left of a message that is not whole yet, its bytes so far and those it needs. */
  private rest: Buffer[] = [];
  private held = 0;
  private needed = 0;
  private begun = false;
  private settled: { error: Error | null } | null = null;
  private wake: () => void = () => undefined;

  constructor(private readonly sql: string) {}

  async next(): Promise<RowPiece | null> {
    for (;;) {
      const chunk = this.waiting.shift();
      if (chunk) {
        if (this.driver && this.waiting.length < mostWaiting) this.connection?.stream.resume();
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

  private readonly take: DataListener = (bytes) => {
    this.waiting.push(bytes);
    if (this.waiting.length >= mostWaiting) this.connection?.stream.pause();
    this.wake();
  };

  /** Whole messages of what has come; the rest waits for the next chunk. */
  private cut(chunk: Buffer): RowPiece {
    this.rest.push(chunk);
    this.held += chunk.length;
    // A row of hundreds of megabytes is joined once, not once a chunk.
    const joined = this.held >= this.needed;
    const bytes = joined && this.rest.length > 1 ? Buffer.concat(this.rest, this.held) : chunk;
    const piece: RowPiece = { bytes, count: 0, starts: [], ends: [] };
    if (!joined) return piece;
    let at = 0;
    this.needed = 5;
    while (at + 5 <= bytes.length) {
      const kind = bytes[at] as number;
      const end = at + 1 + bytes.readUInt32BE(at + 1);
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
    this.rest = this.held ? [bytes.subarray(at)] : [];
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
    piece.starts.push(from);
    piece.ends.push(end);
    piece.count += 1;
  }

  /** The driver listens again; it gets what has come since. */
  private giveBack(bytes: Buffer): void {
    const { stream } = this.connection as Connection;
    const driver = this.driver as DataListener;
    const later = [bytes, ...this.waiting];
    this.waiting = [];
    this.rest = [];
    this.held = 0;
    this.driver = null;
    stream.removeListener('data', this.take);
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
    stream.on('data', this.take);
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
