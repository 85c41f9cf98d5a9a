import { closeSync, lstatSync, openSync, readSync, realpathSync, statSync, type Stats } from 'node:fs';
import { isAbsolute, sep } from 'node:path';
import Database from 'better-sqlite3';
import { CutoverError } from '@/lib/errors';
import { openRebuilt, type Rebuilt } from './foreign-collation';
import { isHotJournal, openRolledBack } from './hot-journal';
import { sqliteError } from './sqlite-errors';

/** Where a SQLite file is and under which folders files may be opened at all. */
export type SqliteLocation = {
  path: string;
  allowedRoots: readonly string[];
  /** Waiting for a lock before source_locked. (Default: 5) */
  busySeconds?: number;
  /** Pages as they are, for a copy of the file: tables that need a collation of the application's own stay unreadable. */
  asItIs?: boolean;
};

/** An open file in one read transaction: every query through it sees the same state. */
export type SqliteFile = {
  path: string;
  db: Database.Database;
  /** 'UTF-8', 'UTF-16le' or 'UTF-16be'. */
  encoding: string;
  /** SQL of what was built again to be readable, as the file has it. */
  asWritten?: ReadonlyMap<string, string>;
  /** @throws CutoverError source_changed when another file has taken its place */
  close(): void;
};

const refuse = (
  code: 'source_missing' | 'source_forbidden' | 'source_empty' | 'source_not_a_database',
  message: string,
  advice: string,
  path: string,
): never => {
  throw new CutoverError({ code, message, advice, facts: { path } });
};

/** A regular file under an allowed root, named by its full path. @throws CutoverError source_missing | source_forbidden */
export function checkAllowedFile({ path, allowedRoots }: Pick<SqliteLocation, 'path' | 'allowedRoots'>): Stats {
  if (!isAbsolute(path))
    refuse('source_forbidden', `${path} is no absolute path.`, 'Write the full path in the fleet file.', path);
  let own: Stats;
  try {
    own = lstatSync(path);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    return missing
      ? refuse(
          'source_missing',
          `${path} does not exist; it was not created.`,
          'Check the path in the fleet file.',
          path,
        )
      : refuse(
          'source_forbidden',
          `${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
          'Give the console’s account read access.',
          path,
        );
  }
  if (own.isSymbolicLink())
    refuse('source_forbidden', `${path} is a symbolic link.`, 'Name the file itself in the fleet file.', path);
  if (!own.isFile()) refuse('source_forbidden', `${path} is no regular file.`, 'Name the database file itself.', path);
  const real = realpathSync(path);
  const allowed = allowedRoots.some((root) => {
    try {
      const realRoot = realpathSync(root);
      return real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep);
    } catch {
      return false;
    }
  });
  if (!allowed)
    refuse(
      'source_forbidden',
      `${path} lies under no allowed root.`,
      'Add its folder to allowed_roots of the fleet file, or move the file.',
      path,
    );
  return own;
}

/** Refuses what must never be opened, before SQLite could create or follow anything. Returns the file's stat. */
export function checkSourcePath(location: SqliteLocation): Stats {
  const { path } = location;
  const own = checkAllowedFile(location);
  if (own.size === 0)
    refuse(
      'source_empty',
      `${path} has 0 bytes; it holds no database.`,
      'Check the path: a typing error may have created this file.',
      path,
    );
  checkMagic(path);
  return own;
}

function openForReading(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    return refuse(
      'source_forbidden',
      `${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      'Give the console’s account read access.',
      path,
    );
  }
}

function checkMagic(path: string): void {
  const head = Buffer.alloc(16);
  const fd = openForReading(path);
  try {
    readSync(fd, head, 0, 16, 0);
  } finally {
    closeSync(fd);
  }
  if (head.toString('latin1') !== 'SQLite format 3\0')
    refuse(
      'source_not_a_database',
      `${path} is no SQLite database, or it is encrypted.`,
      'Check the path in the fleet file; an encrypted file must be decrypted first.',
      path,
    );
}

/** Opens for reading only and never creates. The read transaction is taken at once. @throws CutoverError source_* */
export function openSqliteFile(location: SqliteLocation): SqliteFile {
  const before = checkSourcePath(location);
  const { path } = location;
  try {
    const waitMs = (location.busySeconds ?? 5) * 1000;
    const own = openOrRollBackAside(path, waitMs);
    const rebuilt = location.asItIs ? null : openReadable(own, path, waitMs);
    const db = rebuilt?.db ?? own;
    const encoding = String(db.pragma('encoding', { simple: true }));
    const asWritten = rebuilt ? { asWritten: rebuilt.asWritten } : {};
    return { path, db, encoding, ...asWritten, close: () => closeUnchanged(db, path, before) };
  } catch (thrown) {
    throw sqliteError(thrown, path);
  }
}

function openReadable(own: Database.Database, path: string, waitMs: number): Rebuilt | null {
  let rebuilt: Rebuilt | null = null;
  try {
    rebuilt = openRebuilt(path, own, (copy) => beginReading(copy, waitMs));
    return rebuilt;
  } catch (thrown) {
    own.close();
    throw thrown;
  } finally {
    if (rebuilt) own.close();
  }
}

function openOrRollBackAside(path: string, waitMs: number): Database.Database {
  try {
    return beginReading(path, waitMs);
  } catch (thrown) {
    if (!isHotJournal(thrown)) throw thrown;
    return openRolledBack(path, (copy) => beginReading(copy, waitMs));
  }
}

function beginReading(path: string, waitMs: number): Database.Database {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: waitMs });
  try {
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    db.pragma('query_only = ON');
    db.defaultSafeIntegers(true);
    db.exec('begin');
    db.prepare('select count(*) from sqlite_schema').get();
    return db;
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

function closeUnchanged(db: Database.Database, path: string, before: Stats): void {
  if (!db.open) return;
  if (db.inTransaction) db.exec('commit');
  db.close();
  const now = statSync(path, { throwIfNoEntry: false });
  if (!now || now.ino !== before.ino || now.dev !== before.dev)
    throw new CutoverError({
      code: 'source_changed',
      message: `${path} was replaced by another file while it was read.`,
      advice: 'Find what replaces the file, then start this step again.',
      facts: { path },
    });
  // Nobody may shrink a file in which a read transaction is open; what was read may be half of it.
  if (now.size < before.size)
    throw new CutoverError({
      code: 'source_changed',
      message: `${path} was cut from ${before.size} to ${now.size} bytes while it was read.`,
      advice: 'Find what writes into the file without SQLite, put it right, then start this step again.',
      facts: { path },
    });
}

/** Runs work on an open file and always closes it; what SQLite throws becomes a CutoverError. */
export function withSqlite<T>(location: SqliteLocation, work: (file: SqliteFile) => T): T {
  const file = openSqliteFile(location);
  try {
    const result = work(file);
    file.close();
    return result;
  } catch (thrown) {
    if (file.db.open) file.db.close();
    throw sqliteError(thrown, location.path);
  }
}

/** The same for work that waits in between. */
export async function withSqliteAsync<T>(location: SqliteLocation, work: (file: SqliteFile) => Promise<T>): Promise<T> {
  const file = openSqliteFile(location);
  try {
    const result = await work(file);
    file.close();
    return result;
  } catch (thrown) {
    if (file.db.open) file.db.close();
    throw sqliteError(thrown, location.path);
  }
}
