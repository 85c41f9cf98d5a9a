import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Whether SQLite would have to write into the file before it can read it: a transaction was interrupted, its journal lies beside. */
export const isHotJournal = (thrown: unknown): boolean =>
  (thrown as { code?: string }).code === 'SQLITE_READONLY_ROLLBACK';

/**
 * The state before the interrupted transaction, without a write to the source: file and journal are copied aside and rolled back
 * there. `open` must take its read transaction at once, for the copy has no name any more when it returns.
 */
export function openRolledBack<T>(path: string, open: (copy: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-rolled-back-'));
  const copy = join(folder, 'copy.db');
  try {
    const before = statSync(`${path}-journal`);
    copyFileSync(path, copy);
    copyFileSync(`${path}-journal`, `${copy}-journal`);
    const now = statSync(`${path}-journal`, { throwIfNoEntry: false });
    // Somebody has opened the file and rolled it back meanwhile: then it can be read as it is.
    if (now?.mtimeMs !== before.mtimeMs || now.size !== before.size) return open(path);
    new Database(copy, { fileMustExist: true }).exec('begin immediate; commit').close();
    return open(copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
