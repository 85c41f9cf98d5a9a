import type { Socket } from 'node:net';
import type pg from 'pg';
import { binaryHeader, binaryTrailer } from './binary-rows';

/** One message of the protocol; the server holds a whole one in memory. */
const messageBytes = 4 * 1024 * 1024;
const copyDone = Buffer.from([0x63, 0, 0, 0, 4]);

type Connection = { stream: Socket; query(sql: string): void; sendCopyFail(message: string): void };

/**
 * A COPY … FROM STDIN (FORMAT binary) that writes frames to the session's own socket, without a copy of the rows. The driver runs
 * it like a query of its own: whoever starts one ends it with end() or fail() before the session does anything else.
 */
export class CopyIn {
  private connection: Connection | null = null;
  private readonly begun = new Outcome();
  private readonly ended = new Outcome();

  private constructor(private readonly sql: string) {}

  /** Resolves when the server takes rows. */
  static async start(client: pg.Client, sql: string): Promise<CopyIn> {
    const copy = new CopyIn(sql);
    client.query(copy as unknown as pg.Submittable);
    await Promise.race([copy.begun.promise, copy.ended.promise]);
    await copy.frame(binaryHeader);
    return copy;
  }

  /** Whole or part rows. Resolves when the system has taken all of it; until then the bytes must stay as they are. */
  async write(rows: Buffer): Promise<void> {
    for (let at = 0; at < rows.length; at += messageBytes) await this.frame(rows.subarray(at, at + messageBytes));
  }

  /** @throws the server's error when it refuses the rows */
  async end(): Promise<void> {
    await this.frame(binaryTrailer);
    this.connection?.stream.write(copyDone);
    await this.ended.promise;
  }

  /** Ends it so that the server keeps nothing of it. */
  async fail(): Promise<void> {
    if (!this.ended.settled) this.connection?.sendCopyFail('given up by the sender');
    await this.ended.promise.catch(() => undefined);
  }

  private frame(bytes: Buffer): Promise<unknown> {
    const stream = (this.connection as Connection).stream;
    const head = Buffer.allocUnsafe(5);
    head[0] = 0x64;
    head.writeUInt32BE(bytes.length + 4, 1);
    const taken = new Promise<void>((resolve, reject) => {
      stream.cork();
      stream.write(head);
      stream.write(bytes, (error) => (error ? reject(error) : resolve()));
      stream.uncork();
    });
    return Promise.race([taken, this.ended.promise]);
  }

  // What follows is called by the driver.

  submit(connection: Connection): void {
    this.connection = connection;
    connection.query(this.sql);
  }

  /** Its presence lets the driver set a time limit of its own. */
  callback(): void {}

  handleCopyInResponse(): void {
    this.begun.resolve();
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.ended.resolve();
  }

  handleError(error: Error): void {
    this.ended.reject(error);
  }
}

/** A promise that is settled from outside; a rejection that nobody waits for yet is kept, not thrown at the process. */
class Outcome {
  settled = false;
  resolve!: () => void;
  reject!: (error: Error) => void;
  readonly promise = new Promise<void>((resolve, reject) => {
    this.resolve = () => {
      this.settled = true;
      resolve();
    };
    this.reject = (error) => {
      this.settled = true;
      reject(error);
    };
  });

  constructor() {
    this.promise.catch(() => undefined);
  }
}

/** Sends rows that are already there through one COPY. */
export async function copyRows(client: pg.Client, sql: string, rows: readonly Buffer[]): Promise<void> {
  const copy = await CopyIn.start(client, sql);
  for (const piece of rows) await copy.write(piece);
  await copy.end();
}
