import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { CutoverError } from '@/lib/errors';
import { syncFolder } from '@/lib/sources/sqlite-snapshot';
import { damaged } from './manifest';

const bufferBytes = 1024 * 1024;
/** Longer rows exceed what one JavaScript string may hold. */
const longestLine = 256 * 1024 * 1024;

/** A folder name for a table that no file system misreads; names are unlike even where case is ignored, as in SQLite. */
export function folderOf(table: string): string {
  const bytes = Buffer.from(table);
  const safe = [...bytes]
    .map((byte, i) => {
      const letter = String.fromCharCode(byte);
      return /[A-Za-z0-9_-]/.test(letter) || (letter === '.' && i > 0)
        ? letter
        : `%${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
  return safe.length <= 180
    ? safe || '%'
    : `${safe.slice(0, 100)}%${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}`;
}

export const batchName = (folder: string, no: number): string => `${folder}/batch_${String(no).padStart(4, '0')}.jsonl`;

export type Written = { bytes: number; sha256: string };

/** Writes lines under a temporary name; the file appears whole, on disk and under its own name, or not at all. */
export class BatchWriter {
  private readonly partial: string;
  private readonly fd: number;
  private readonly hash = createHash('sha256');
  private waiting: string[] = [];
  private waitingChars = 0;
  private bytes = 0;

  private constructor(private readonly file: string) {
    this.partial = `${file}.partial`;
    this.fd = openSync(this.partial, 'w', 0o600);
  }

  static async open(file: string): Promise<BatchWriter> {
    try {
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      return new BatchWriter(file);
    } catch (thrown) {
      throw writeError(thrown, file);
    }
  }

  get size(): number {
    return this.bytes + this.waitingChars;
  }

  line(text: string): void {
    if (text.length > longestLine)
      throw new CutoverError({
        code: 'value_not_storable',
        message: `A row of ${path.dirname(this.file).split(path.sep).at(-1)} takes ${text.length} characters as a line; at most ${longestLine} can be exported.`,
        advice: 'Move this system directly (import without export), or leave that table out with a reason.',
      });
    this.waiting.push(text);
    this.waitingChars += text.length + 1;
    if (this.waitingChars >= bufferBytes) this.flush();
  }

  private flush(): void {
    if (!this.waiting.length) return;
    const part = Buffer.from(`${this.waiting.join('\n')}\n`);
    this.waiting = [];
    this.waitingChars = 0;
    try {
      for (let at = 0; at < part.length; ) at += writeSync(this.fd, part, at);
    } catch (thrown) {
      throw writeError(thrown, this.file);
    }
    this.hash.update(part);
    this.bytes += part.length;
  }

  /** @param beforeName called when the content is on disk and has not got its name yet */
  async finish(beforeName: (written: Written) => Promise<void> | void = () => undefined): Promise<Written> {
    this.flush();
    const written = { bytes: this.bytes, sha256: this.hash.digest('hex') };
    try {
      fsyncSync(this.fd);
      closeSync(this.fd);
      await beforeName(written);
      renameSync(this.partial, this.file);
      await syncFolder(path.dirname(this.file));
    } catch (thrown) {
      throw writeError(thrown, this.file);
    }
    return written;
  }

  giveUp(): void {
    try {
      closeSync(this.fd);
    } catch {
      // Closed already: only its name is left.
    }
    rmSync(this.partial, { force: true });
  }
}

/** @returns what a person can act on where the disk refused */
export function writeError(thrown: unknown, file: string): unknown {
  const code = (thrown as NodeJS.ErrnoException)?.code ?? '';
  if (!['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) return thrown;
  return new CutoverError(
    {
      code: 'disk_full',
      message: `No space left while writing ${path.basename(path.dirname(file))}/${path.basename(file)} (${code}).`,
      advice:
        'Free some space, then give the same command: it goes on behind the last whole batch; nothing half-written is kept.',
      retry: 'later',
      facts: { errno: code },
    },
    { cause: thrown },
  );
}

/** Bytes and digest of a file; null when it is not there. Reads at most a buffer at a time. */
export function readDigest(file: string, onBytes?: (part: Buffer) => void): Written | null {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) return null;
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(bufferBytes);
  const fd = openSync(file, 'r');
  try {
    let bytes = 0;
    for (;;) {
      const read = readSync(fd, buffer, 0, bufferBytes, null);
      if (!read) break;
      const part = buffer.subarray(0, read);
      hash.update(part);
      onBytes?.(part);
      bytes += read;
    }
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    closeSync(fd);
  }
}

/** Hands over each line of a batch; the digest is that of exactly these bytes. @throws CutoverError export_damaged */
export function readLines(file: string, name: string, onLine: (line: string) => void): Written {
  let rest: Buffer[] = [];
  const found = readDigest(file, (part) => {
    let from = 0;
    for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, from)) {
      const piece = part.subarray(from, at);
      onLine((rest.length ? Buffer.concat([...rest, piece]) : piece).toString('utf8'));
      rest = [];
      from = at + 1;
    }
    if (from < part.length) rest.push(Buffer.from(part.subarray(from)));
  });
  if (!found) throw damaged(`${name} is missing.`, { file: name });
  if (rest.length) throw damaged(`${name} was cut in the middle of a line.`, { file: name });
  return found;
}
