import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { CutoverError } from '@/lib/errors';
import { countTables, type TableCount } from './read-source';
import type { SourceScope } from './scope';
import { checkFile, foreignKeyViolations } from './sqlite-extras';
import { sqliteError } from './sqlite-errors';
import { type SqliteLocation, withSqliteAsync } from './sqlite-file';
import { readSourceSchema } from './sqlite-schema';

const pagesAStep = 5000;

export type SqliteSnapshot = {
  path: string;
  bytes: string;
  sha256: string;
  pages: number;
  takenAt: string;
  durationMs: number;
};
type Progress = (progress: { unit: 'bytes' | 'rows'; done: number; total: number | null }) => void;
type SnapshotInput = {
  source: SqliteLocation;
  to: string;
  signal: AbortSignal;
  progress?: Progress;
  failpoint?: (name: string) => Promise<void>;
};

/** Copies a live database through SQLite's backup API inside one read transaction: writers go on and the copy is one committed state.
 *  It appears under its name only when it is whole and on disk. @throws CutoverError source_* | disk_full */
export async function snapshotSqlite({
  source,
  to,
  signal,
  progress,
  failpoint,
}: SnapshotInput): Promise<SqliteSnapshot> {
  const started = performance.now();
  const takenAt = new Date().toISOString();
  const partial = `${to}.partial`;
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await removeWithCompanions(partial);
  try {
    const pages = await withSqliteAsync({ ...source, asItIs: true }, async ({ db }) => {
      const pageBytes = Number(db.pragma('page_size', { simple: true }));
      await requireSpace(to, Number(db.pragma('page_count', { simple: true })) * pageBytes);
      // The read transaction that is already open pins one state, so that writers cannot make the backup start over.
      const { totalPages } = await db.backup(partial, {
        progress: ({ totalPages: total, remainingPages }) => {
          signal.throwIfAborted();
          progress?.({ unit: 'bytes', done: (total - remainingPages) * pageBytes, total: total * pageBytes });
          return pagesAStep;
        },
      });
      return totalPages;
    });
    leaveWal(partial);
    const file = await syncFile(partial);
    await failpoint?.('snapshot:before-rename');
    const sha256 = await digestFile(partial);
    // Sidecars of an earlier file at this place would be replayed over the new one.
    await removeSidecars(to);
    await rename(partial, to);
    await syncFolder(dirname(to));
    progress?.({ unit: 'bytes', done: file, total: file });
    return {
      path: to,
      bytes: String(file),
      sha256,
      pages,
      takenAt,
      durationMs: Math.round(performance.now() - started),
    };
  } catch (thrown) {
    await removeWithCompanions(partial);
    throw sqliteError(thrown, source.path);
  }
}

/** One file without companions: a copy in WAL mode could not be opened from a read-only folder. */
function leaveWal(path: string): void {
  const copy = new Database(path, { fileMustExist: true });
  try {
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
}

async function requireSpace(to: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(to));
  if (bavail * bsize < bytes)
    throw new CutoverError({
      code: 'disk_full',
      message: `${dirname(to)} has ${bavail * bsize} bytes free; the snapshot needs ${bytes}.`,
      advice: 'Free some space there, then retry.',
      retry: 'later',
      facts: { needed: bytes, free: bavail * bsize },
    });
}

const removeSidecars = async (path: string): Promise<void> => {
  for (const suffix of ['-wal', '-shm', '-journal']) await rm(path + suffix, { force: true });
};

const removeWithCompanions = async (path: string): Promise<void> => {
  await rm(path, { force: true });
  await removeSidecars(path);
};

async function syncFile(path: string): Promise<number> {
  const handle = await open(path, 'r+');
  try {
    await handle.chmod(0o600);
    await handle.sync();
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** SHA-256 of a file, in hex. */
export async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(piece as Buffer);
  return hash.digest('hex');
}

export type SnapshotProof = {
  path: string;
  bytes: string;
  sha256: string;
  /** Empty = integrity_check said ok and the digest is the expected one. */
  integrity: string[];
  foreignKeyViolations: { table: string; count: string }[];
  tables: TableCount[];
  schemaFingerprint: string;
  encoding: string;
  userVersion: number;
  passed: boolean;
};

/** Reads the copy itself: digest, integrity_check, foreign_key_check, row counts. Violated foreign keys are the source's own and are told, not judged.
 *  @throws CutoverError source_* when it cannot be opened at all */
export async function verifySnapshot({
  snapshot,
  scope,
  sha256,
  signal,
}: {
  snapshot: SqliteLocation;
  scope: SourceScope;
  sha256?: string;
  signal: AbortSignal;
  progress?: Progress;
}): Promise<SnapshotProof> {
  return withSqliteAsync(snapshot, async (file) => {
    const found = await digestFile(snapshot.path);
    signal.throwIfAborted();
    const integrity = [
      ...checkFile(file, 'integrity_check', 50).damage,
      ...(sha256 && sha256 !== found ? [`the file’s SHA-256 is ${found}, recorded was ${sha256}`] : []),
    ];
    const schema = readSourceSchema(file, scope);
    const violations = foreignKeyViolations(file);
    return {
      path: snapshot.path,
      bytes: String((await stat(snapshot.path)).size),
      sha256: found,
      integrity,
      foreignKeyViolations: violations.map(({ name, n }) => ({ table: name, count: String(n) })),
      tables: countTables(file, schema, scope),
      schemaFingerprint: schema.fingerprint,
      encoding: schema.encoding,
      userVersion: schema.userVersion,
      passed: integrity.length === 0,
    };
  });
}
