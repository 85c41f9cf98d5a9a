import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, fsyncSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { CutoverError } from '@/lib/errors';
import { checkAllowedFile } from './sqlite-file';

const pieceBytes = 1024 * 1024;
const mostTries = 5;

export type CompanionFile = { path: string; allowedRoots: readonly string[] };
export type CompanionCopy = { bytes: number; sha256: string; tries: number };

/** SHA-256 of the first `bytes` bytes of a file (of all without it), and how many there were. */
export function digestBytes(file: string, bytes = Number.POSITIVE_INFINITY): { bytes: number; sha256: string } {
  const from = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return pour(from, null, bytes);
  } finally {
    closeSync(from);
  }
}

/**
 * Copies a file byte for byte as it was when it was opened. One that only grows meanwhile (a log) is copied as far as it
 * reached then; one that is changed or replaced is copied again.
 * @throws CutoverError source_missing | source_forbidden | source_changed
 */
export function copyCompanion(
  { path, allowedRoots }: CompanionFile,
  to: string,
  between: () => void = () => undefined,
): CompanionCopy {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  for (let tries = 1; tries <= mostTries; tries += 1) {
    checkAllowedFile({ path, allowedRoots });
    rmSync(to, { force: true });
    const from = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const own = fstatSync(from, { bigint: true });
      const copied = writeCopy(from, to, Number(own.size));
      between();
      const now = checkAllowedFile({ path, allowedRoots });
      const same = BigInt(now.ino) === own.ino && copied.bytes === Number(own.size) && now.size >= copied.bytes;
      if (same && digestBytes(path, copied.bytes).sha256 === copied.sha256) return { ...copied, tries };
    } finally {
      closeSync(from);
    }
  }
  rmSync(to, { force: true });
  throw new CutoverError({
    code: 'source_changed',
    message: `${path} was changed or replaced each of the ${mostTries} times it was copied.`,
    advice: 'Hold the service that writes it, then try again.',
    retry: 'later',
    facts: { path },
  });
}

function writeCopy(from: number, to: string, bytes: number): { bytes: number; sha256: string } {
  const target = openSync(to, 'wx', 0o600);
  try {
    const copied = pour(from, target, bytes);
    fsyncSync(target);
    return copied;
  } finally {
    closeSync(target);
  }
}

function pour(from: number, to: number | null, most: number): { bytes: number; sha256: string } {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(pieceBytes);
  let bytes = 0;
  while (bytes < most) {
    const got = readSync(from, piece, 0, Math.min(pieceBytes, most - bytes), bytes);
    if (got === 0) break;
    const part = piece.subarray(0, got);
    hash.update(part);
    if (to !== null) for (let at = 0; at < got; ) at += writeSync(to, part, at);
    bytes += got;
  }
  return { bytes, sha256: hash.digest('hex') };
}
