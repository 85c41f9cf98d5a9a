import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { quoteText } from '@/lib/sources/quote';
import { sqliteError } from '@/lib/sources/sqlite-errors';
import { checkSourcePath, openSqliteFile, type SqliteLocation } from '@/lib/sources/sqlite-file';
import { snapshotSqlite, type SqliteSnapshot } from '@/lib/sources/sqlite-snapshot';
import { type FilePart, type MergeNote, mergeFiles, removeFile } from './merge-files';

/** Several SQLite files that are one profile's, by name, and those that stay. */
export type SqliteFiles = {
  files: Readonly<Record<string, string>>;
  excluded: Readonly<Record<string, { path: string; why: string }>>;
  allowedRoots: readonly string[];
};

export type TakenFile = { name: string; path: string; sha256: string; bytes: string; takenAt: string };

/** Copies of these files through the backup API, one state each, as `<folder>/<name>.sqlite`. @throws CutoverError source_* | disk_full */
export async function copyFiles(
  files: Readonly<Record<string, string>>,
  allowedRoots: readonly string[],
  folder: string,
  act: Pick<Parameters<typeof snapshotSqlite>[0], 'signal' | 'progress' | 'failpoint'>,
): Promise<TakenFile[]> {
  const taken: TakenFile[] = [];
  for (const [name, source] of Object.entries(files)) {
    act.signal.throwIfAborted();
    const to = path.join(folder, `${name}.sqlite`);
    const copy: SqliteSnapshot = await snapshotSqlite({ source: { path: source, allowedRoots }, to, ...act });
    taken.push({ name, path: to, sha256: copy.sha256, bytes: copy.bytes, takenAt: copy.takenAt });
  }
  return taken;
}

/** The live files as one, in a folder of the caller's: made anew whenever one of them has changed. @throws CutoverError source_* */
export function liveMerged(store: SqliteFiles, folder: string): SqliteLocation {
  const file = path.join(folder, `live-files-${signatureOf(store)}.sqlite`);
  if (!existsSync(file)) {
    for (const old of readdirSync(folder).filter((name) => name.startsWith('live-files-')))
      removeFile(path.join(folder, old));
    const parts = Object.entries(store.files).map(([name, source]) => {
      const copy = path.join(folder, `part-${name}.sqlite`);
      copyNow({ path: source, allowedRoots: store.allowedRoots }, copy);
      return { name, path: copy };
    });
    mergeFiles(parts, file, stayNotes(store));
    for (const { path: copy } of parts) removeFile(copy);
  }
  return { path: file, allowedRoots: [folder] };
}

/** Merges copies that were taken before. */
export const mergeTaken = (store: SqliteFiles, taken: readonly FilePart[], to: string): void =>
  mergeFiles(taken, to, stayNotes(store));

const stayNotes = ({ excluded }: SqliteFiles): MergeNote[] =>
  Object.entries(excluded).map(([name, { path: file, why }]) => ({
    code: 'file_stays',
    table: name,
    message: `${file} stays where it is on purpose: ${why}`,
  }));

/** One committed state of a live file. VACUUM INTO writes to its own file only; the source stays open for reading. */
function copyNow(location: SqliteLocation, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 });
  removeFile(to);
  const { db, close } = openSqliteFile(location);
  try {
    db.exec('commit');
    db.pragma('query_only = off');
    db.exec(`vacuum into ${quoteText(to)}`);
    close();
  } catch (thrown) {
    if (db.open) db.close();
    throw sqliteError(thrown, location.path);
  }
}

function signatureOf({ files, excluded, allowedRoots }: SqliteFiles): string {
  const seen = Object.entries(files).map(([name, file]) => {
    checkSourcePath({ path: file, allowedRoots });
    const stats = [file, `${file}-wal`].map((one) => statSync(one, { bigint: true, throwIfNoEntry: false }));
    return [name, file, ...stats.map((one) => (one?.size ? `${one.ino}/${one.size}/${one.mtimeNs}` : 'none'))].join(
      ' ',
    );
  });
  return createHash('sha256')
    .update([...seen, JSON.stringify(excluded)].join('\n'))
    .digest('hex')
    .slice(0, 16);
}
