import { type BigIntStats, closeSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { listStore, signatureOf } from './json-store/list-files';

const statesOf = (file: string): BigIntStats | undefined => statSync(file, { bigint: true, throwIfNoEntry: false });

/** A database and its write-ahead log; one without a byte is none: whoever opens the file may make it, and root its owner anew. */
function stateOfFile(file: string): string[] {
  const wal = statesOf(`${file}-wal`);
  return [
    signatureOf({ name: file, path: file, stat: statSync(file, { bigint: true }) }),
    ...(wal?.size ? [`wal:${wal.ino}:${wal.size}:${wal.mtimeNs}:${headOf(`${file}-wal`)}`] : []),
  ];
}

/** The header of a log: its salts change whenever it begins anew. */
function headOf(file: string): string {
  const head = Buffer.alloc(32);
  const fd = openSync(file, 'r');
  try {
    return head.toString('hex', 0, readSync(fd, head, 0, head.length, 0));
  } finally {
    closeSync(fd);
  }
}

/**
 * What the file system tells of files that are moved: whoever writes to one of them changes it. Taken before a copy is begun, an equal one
 * later says that nothing was written since; another one says that something may have been.
 * @throws Error where a file cannot be looked at
 */
export function liveState(files: readonly string[]): string[] {
  return files.flatMap((file) =>
    lstatSync(file).isDirectory() || /\.(json|ndjson|jsonl)$/i.test(file)
      ? listStore(file, [path.dirname(file)]).files.map(signatureOf)
      : stateOfFile(file),
  );
}

export type SinceCopy = 'unwritten' | 'written' | 'unknown';

/** @param then what {@link liveState} said before the copy; null where nobody asked */
export function sinceCopy(files: readonly string[], then: readonly string[] | null): SinceCopy {
  if (then === null) return 'unknown';
  try {
    return JSON.stringify(liveState(files)) === JSON.stringify(then) ? 'unwritten' : 'written';
  } catch {
    return 'unknown';
  }
}
