import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { CutoverError } from '@/lib/errors';
import { writeError } from './batch-file';
import { chainAfter, type FileBatch, hmacOf, manifestName, progressName, readManifest, batchesOf } from './manifest';

type Head = { export_id: string; generated_at: string };
/** Batches that an earlier run has finished, by file; only those this key has signed. */
export type Known = Head & { batches: Map<string, FileBatch>; complete: boolean };

/** @throws CutoverError export_source_differs: the folder belongs to another export | export_damaged */
export function readKnown(output: string, exportId: string, key: Buffer): Known | null {
  const manifest = readOr(path.join(output, manifestName)) === null ? null : readManifest(output, { key });
  const known = manifest
    ? {
        export_id: manifest.export_id,
        generated_at: manifest.generated_at,
        batches: new Map(batchesOf(manifest).map(({ table: _, ...one }) => [one.file, one])),
        complete: true,
      }
    : readProgress(output, key);
  if (known && known.export_id !== exportId)
    throw new CutoverError({
      code: 'export_source_differs',
      message: `${path.basename(output)} holds the export ${known.export_id} of another state of the source, or of other choices; this one is ${exportId}.`,
      advice: 'Choose an empty folder for the new export, or remove that one yourself.',
      facts: { there: known.export_id, asked: exportId },
    });
  return known;
}

function readProgress(output: string, key: Buffer): Known | null {
  const lines = (readOr(path.join(output, progressName)) ?? '').split('\n').slice(0, -1);
  const head = open<Head>(lines[0], key, headText);
  if (!head) return null;
  const batches = new Map<string, FileBatch>();
  for (const line of lines.slice(1)) {
    const one = open<FileBatch>(line, key, chainAfter);
    if (one) batches.set(one.file, one);
  }
  return { ...head, batches, complete: false };
}

const headText = ({ export_id, generated_at }: Head): string => `${export_id} ${generated_at}`;

/** A line that was cut or edited counts for nothing: its batch is exported again. */
function open<T>(line: string | undefined, key: Buffer, textOf: (value: T) => string): T | null {
  try {
    const { mac, ...value } = JSON.parse(line ?? '') as T & { mac: string };
    return hmacOf(key, textOf(value as T)) === mac ? (value as T) : null;
  } catch {
    return null;
  }
}

function readOr(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw thrown;
  }
}

/** What is finished, one signed line a batch, on disk before the next one begins. */
export class ProgressFile {
  private readonly file: string;

  constructor(
    output: string,
    private readonly key: Buffer,
  ) {
    this.file = path.join(output, progressName);
  }

  begin(head: Head): void {
    rmSync(this.file, { force: true });
    this.append({ ...head, mac: hmacOf(this.key, headText(head)) });
  }

  add(batch: FileBatch): void {
    this.append({ ...batch, mac: hmacOf(this.key, chainAfter(batch)) });
  }

  end(): void {
    rmSync(this.file, { force: true });
  }

  private append(value: object): void {
    try {
      const fd = openSync(this.file, 'a', 0o600);
      try {
        writeSync(fd, `${JSON.stringify(value)}\n`);
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
    } catch (thrown) {
      throw writeError(thrown, this.file);
    }
  }
}
