import { accessSync, constants, lstatSync, readdirSync, realpathSync, type BigIntStats } from 'node:fs';
import path from 'node:path';
import { CutoverError } from '@/lib/errors';

/** A file of the store: its name below the store’s folder, and what tells whether it changed. */
export type StoreFile = { name: string; path: string; stat: BigIntStats };

const deepest = 8;

const forbidden = (path: string, why: string, advice: string): CutoverError =>
  new CutoverError({ code: 'source_forbidden', message: `${path} ${why}.`, advice, facts: { path } });

/** The regular files of a store, in name order. Whatever is no plain file or folder is refused, and nothing is ever followed.
 *  @throws CutoverError source_missing | source_forbidden */
export function listStore(store: string, allowedRoots: readonly string[]): { root: string; files: StoreFile[] } {
  if (!path.isAbsolute(store)) throw forbidden(store, 'is no absolute path', 'Write the full path in the fleet file.');
  const own = statOf(store);
  if (own.isSymbolicLink()) throw forbidden(store, 'is a symbolic link', 'Name the folder or file itself.');
  requireUnder(store, allowedRoots);
  if (own.isFile()) {
    requireReadable(store);
    return { root: path.dirname(store), files: [{ name: path.basename(store), path: store, stat: own }] };
  }
  if (!own.isDirectory()) throw forbidden(store, 'is neither a file nor a folder', 'Name the folder of the store.');
  const files: StoreFile[] = [];
  walk(store, '', files, 1);
  return { root: store, files: files.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

function walk(folder: string, prefix: string, files: StoreFile[], level: number): void {
  requireReadable(folder);
  for (const entry of readdirSync(folder)) {
    const full = path.join(folder, entry);
    const name = prefix + entry;
    const stat = statOf(full);
    if (stat.isDirectory()) {
      if (level === deepest)
        throw forbidden(full, `lies deeper than ${deepest} folders`, 'Name a folder nearer to the files.');
      walk(full, `${name}/`, files, level + 1);
      continue;
    }
    if (stat.isSymbolicLink())
      throw forbidden(full, 'is a symbolic link', 'Put the file itself in its place, or take it away.');
    if (!stat.isFile()) throw forbidden(full, 'is no regular file', 'Take it out of the store’s folder.');
    requireReadable(full);
    files.push({ name, path: full, stat });
  }
}

function statOf(full: string): BigIntStats {
  try {
    return lstatSync(full, { bigint: true });
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw forbidden(full, `cannot be read (${code})`, 'Give the console’s account read access.');
    throw new CutoverError({
      code: 'source_missing',
      message: `${full} does not exist; it was not created.`,
      advice: 'Check the path.',
      facts: { path: full },
    });
  }
}

function requireReadable(full: string): void {
  try {
    accessSync(full, constants.R_OK);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw forbidden(full, `cannot be read (${code})`, 'Give the console’s account read access.');
  }
}

function requireUnder(store: string, allowedRoots: readonly string[]): void {
  const real = realpathSync(store);
  const under = allowedRoots.some((root) => {
    try {
      const base = realpathSync(root);
      return real === base || real.startsWith(base.endsWith(path.sep) ? base : base + path.sep);
    } catch {
      return false;
    }
  });
  if (!under)
    throw forbidden(store, 'lies under no allowed root', 'Add its folder to allowed_roots of the fleet file.');
}

/** The same file with the same content, as far as its file system tells. */
export const signatureOf = ({ name, stat }: StoreFile): string =>
  `${name}:${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;

/** Whether a file’s name fits a pattern: `*` stands for any characters but `/`. */
export function fitsPattern(name: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]*')}$`, 'su').test(name);
}
