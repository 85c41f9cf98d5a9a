import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, fsyncSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { CutoverError } from '@/lib/errors';
import { listStore, signatureOf, type StoreFile } from './list-files';
import type { Turns } from './turns';

const pieceBytes = 1024 * 1024;
const mostTries = 5;

/** One file of the copy: name below the store, size and digest of its bytes. */
export type CopiedFile = { name: string; path: string; bytes: number; sha256: string };
export type StoreCopy = { root: string; files: CopiedFile[] };

/**
 * Copies the files of a store byte by byte. Files are read again until none of them was changed, replaced, added or removed
 * between the first look and the last, so that the copy is one state of the store.
 * @throws CutoverError source_changed when it does not stand still
 */
export function* copyStore(
  store: string,
  allowedRoots: readonly string[],
  to: string,
  between: () => void = () => undefined,
): Turns<StoreCopy> {
  let changed = '';
  for (let attempt = 0; attempt < mostTries; attempt += 1) {
    rmSync(to, { recursive: true, force: true });
    mkdirSync(to, { recursive: true, mode: 0o700 });
    const before = listStore(store, allowedRoots);
    const files: CopiedFile[] = [];
    for (const file of before.files) files.push(yield* copyFile(file, path.join(to, file.name)));
    between();
    const after = new Set(listStore(store, allowedRoots).files.map(signatureOf));
    const moved = before.files.find((file) => !after.has(signatureOf(file)));
    const torn = files.find(({ bytes }, i) => BigInt(bytes) !== before.files[i]?.stat.size);
    if (!moved && !torn && after.size === before.files.length) return { root: to, files };
    changed = moved?.path ?? torn?.path ?? store;
  }
  rmSync(to, { recursive: true, force: true });
  throw new CutoverError({
    code: 'source_changed',
    message: `${changed} was changed or replaced each of the ${mostTries} times it was copied.`,
    advice: 'Hold the service that writes it (or take the copy under the freeze), then try again.',
    retry: 'later',
    facts: { path: changed },
  });
}

function* copyFile({ path: from, stat, name }: StoreFile, to: string): Turns<CopiedFile> {
  mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 });
  const source = openSync(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const own = fstatSync(source, { bigint: true });
    if (!own.isFile() || own.ino !== stat.ino) return { name, path: to, bytes: -1, sha256: '' };
    const target = openSync(to, 'wx', 0o600);
    try {
      return { name, path: to, ...(yield* pour(source, target)) };
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

/** SHA-256 of a regular file; nothing is followed. */
export function digestOf(full: string): string {
  const hash = createHash('sha256');
  const fd = openSync(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const piece = Buffer.allocUnsafe(pieceBytes);
    for (let read = readSync(fd, piece); read > 0; read = readSync(fd, piece)) hash.update(piece.subarray(0, read));
  } finally {
    closeSync(fd);
  }
  return hash.digest('hex');
}

function* pour(source: number, target: number): Turns<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(pieceBytes);
  let bytes = 0;
  for (let read = readSync(source, piece); read > 0; read = readSync(source, piece)) {
    const part = piece.subarray(0, read);
    hash.update(part);
    for (let at = 0; at < read; ) at += writeSync(target, part, at);
    bytes += read;
    yield;
  }
  fsyncSync(target);
  return { bytes, sha256: hash.digest('hex') };
}
