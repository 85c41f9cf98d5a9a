import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
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

/**
 * The live files as one, in a folder of the caller's: made anew whenever one of them has changed, and only that one is read
 * again. @throws CutoverError source_*
 */
export function liveMerged(store: SqliteFiles, folder: string): SqliteLocation {
  const signatures = Object.entries(store.files).map(([name, source]) => ({
    name,
    source: { path: source, allowedRoots: store.allowedRoots },
    signature: signatureOf({ path: source, allowedRoots: store.allowedRoots }),
  }));
  const merged = `live-files-${digestOf([...signatures.map((one) => `${one.name} ${one.signature}`), JSON.stringify(store.excluded)])}.sqlite`;
  const file = path.join(folder, merged);
  if (!existsSync(file)) {
    const parts = signatures.map(({ signature, ...one }) => ({ ...one, copy: `part-${one.name}-${signature}.sqlite` }));
    forgetOthers(
      folder,
      parts.map(({ copy }) => copy),
    );
    for (const { source, copy } of parts)
      if (!existsSync(path.join(folder, copy))) copyNow(source, path.join(folder, copy));
    mergeFiles(
      parts.map(({ name, copy }) => ({ name, path: path.join(folder, copy) })),
      file,
      stayNotes(store),
    );
  }
  return { path: file, allowedRoots: [folder] };
}

/** Merged files of before, and copies of files as they were before. */
function forgetOthers(folder: string, kept: readonly string[]): void {
  for (const name of readdirSync(folder))
    if (/^(live-files|part)-.*\.sqlite$/.test(name) && !kept.includes(name)) removeFile(path.join(folder, name));
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
  const partial = `${to}.copying`;
  removeFile(partial);
  const { db, close } = openSqliteFile(location);
  try {
    db.exec('commit');
    db.pragma('query_only = off');
    db.exec(`vacuum into ${quoteText(partial)}`);
    close();
    renameSync(partial, to);
  } catch (thrown) {
    if (db.open) db.close();
    throw sqliteError(thrown, location.path);
  }
}

/** Another one after every committed write. */
function signatureOf(location: SqliteLocation): string {
  checkSourcePath(location);
  const stats = [location.path, `${location.path}-wal`].map((one) =>
    statSync(one, { bigint: true, throwIfNoEntry: false }),
  );
  return digestOf([
    location.path,
    ...stats.map((one) => (one?.size ? `${one.ino}/${one.size}/${one.mtimeNs}` : 'none')),
  ]);
}

const digestOf = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
