import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { CutoverError } from '@/lib/errors';
import { fitsPattern, listStore } from './list-files';
import type { JsonStore } from './store';

/** What stood before the fence: each file with its mode and digest, each folder that was closed with its mode. */
type FenceRecord = {
  takenAt: string;
  files: { name: string; mode: number; sha256: string }[];
  folders: { name: string; mode: number }[];
};
export type FileFenceReading = {
  state: 'absent' | 'complete' | 'partial';
  /** Files that carry it. */
  files: string[];
  /** What is not as the fence left it, in words. */
  problems: string[];
  takenAt: string | null;
};

const writeBits = 0o222;
const fencedFiles = (store: JsonStore) =>
  listStore(store.path, store.allowedRoots).files.filter(
    ({ name }) => !(store.stays ?? []).some((pattern) => fitsPattern(name, pattern)),
  );
const digestOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
const modeOf = (file: string): number => statSync(file).mode & 0o7777;
const readRecord = (file: string): FenceRecord | null =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as FenceRecord) : null;
const rootOf = (store: JsonStore): string => listStore(store.path, store.allowedRoots).root;

/**
 * Takes the right to write from the files of a store and from their folders, and keeps the digest of each. It stops every
 * account but the administrator's; what that one writes is found by its digest. `record` is written first, so that the modes
 * are known whatever happens. Safe to repeat. Files in `stays` and the folders they lie in stay writable.
 */
export function takeFileFence(store: JsonStore, record: string): FileFenceReading {
  const root = rootOf(store);
  const before = readRecord(record);
  const known = new Map(before?.files.map((one) => [one.name, one.mode]));
  const closed = new Map(before?.folders.map((one) => [one.name, one.mode]));
  const files = fencedFiles(store).map(({ name, path: file }) => ({
    name,
    mode: known.get(name) ?? modeOf(file),
    sha256: digestOf(file),
  }));
  const folders = foldersOf(store).map((name) => ({ name, mode: closed.get(name) ?? modeOf(path.join(root, name)) }));
  writeSynced(record, { takenAt: before?.takenAt ?? new Date().toISOString(), files, folders });
  for (const { name, mode } of [...files, ...folders]) change(path.join(root, name), mode & ~writeBits);
  return readFileFence(store, record);
}

/** Gives every file and folder the mode it had. Safe to repeat. */
export function liftFileFence(store: JsonStore, record: string): FileFenceReading {
  const kept = readRecord(record);
  if (kept) {
    const root = rootOf(store);
    for (const { name, mode } of [...kept.folders, ...kept.files])
      if (existsSync(path.join(root, name))) change(path.join(root, name), mode);
    rmSync(record, { force: true });
  }
  return readFileFence(store, record);
}

/** Looks at modes and digests: whether the fence stands, and whether anything was written in spite of it. */
export function readFileFence(store: JsonStore, record: string): FileFenceReading {
  const kept = readRecord(record);
  if (!kept) return { state: 'absent', files: [], problems: [], takenAt: null };
  const now = new Map(fencedFiles(store).map(({ name, path: file }) => [name, file]));
  const problems = kept.files.flatMap(({ name, sha256 }) => {
    const file = now.get(name);
    if (!file) return [`${name} is gone`];
    if (digestOf(file) !== sha256) return [`${name} was written since the fence`];
    return modeOf(file) & writeBits ? [`${name} takes writes`] : [];
  });
  for (const name of now.keys())
    if (!kept.files.some((one) => one.name === name)) problems.push(`${name} was made since the fence`);
  return {
    state: problems.length ? 'partial' : 'complete',
    files: kept.files.map(({ name }) => name),
    problems,
    takenAt: kept.takenAt,
  };
}

/** Folders in which every file is fenced: closed as well, since a file is also replaced by writing its folder. */
function foldersOf(store: JsonStore): string[] {
  const all = listStore(store.path, store.allowedRoots).files;
  const fenced = new Set(fencedFiles(store).map(({ name }) => name));
  const open = new Set(all.filter(({ name }) => !fenced.has(name)).map(({ name }) => path.dirname(name)));
  return [...new Set([...fenced].map((name) => path.dirname(name)))].filter((name) => name !== '.' && !open.has(name));
}

function change(file: string, mode: number): void {
  try {
    chmodSync(file, mode);
  } catch (thrown) {
    throw new CutoverError(
      {
        code: 'fence_failed',
        message: `The mode of ${file} cannot be changed: ${(thrown as NodeJS.ErrnoException).code ?? String(thrown)}.`,
        advice:
          'Run the console as the owner of the files, or leave the fence step out and stop the service in the freeze.',
        facts: { file },
      },
      { cause: thrown },
    );
  }
}

function writeSynced(file: string, record: FenceRecord): void {
  const partial = `${file}.new`;
  writeFileSync(partial, JSON.stringify(record, null, 2), { mode: 0o600 });
  const fd = openSync(partial, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(partial, file);
}
