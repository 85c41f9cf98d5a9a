import { createHash } from 'node:crypto';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

/** A SQLite file under an allowed root. `id` stands for its real path, so that no path ever comes from a browser. */
export type FoundFile = { id: string; path: string; root: string; name: string; bytes: string; modifiedAt: string };
export type FoundFiles = { files: FoundFile[] /** True when there was more than was looked at. */; cut: boolean };

const depth = 5;
const shownFiles = 200;
const lookedAt = 5_000;
const magic = 'SQLite format 3\0';
/** Never somebody's data: packages, and what the console itself keeps. */
const passedOver = new Set(['node_modules']);

/**
 * SQLite files under the roots, newest first. Symbolic links are not followed, hidden folders and the console's own are
 * passed over, and no more than 5,000 entries are looked at: a root may be a whole disk.
 * @param own folders of the console's data folder that are left out
 */
export async function findSqliteFiles(roots: readonly string[], own: readonly string[] = []): Promise<FoundFiles> {
  const found = new Map<string, FoundFile>();
  let looked = 0;
  let cut = false;
  const walk = async (root: string, folder: string, level: number): Promise<void> => {
    if (own.includes(folder)) return;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    // A PostgreSQL cluster: thousands of files, none of them SQLite's.
    if (entries.some(({ name }) => name === 'PG_VERSION')) return;
    for (const entry of entries.sort((a, b) => Number(a.isDirectory()) - Number(b.isDirectory()))) {
      looked += 1;
      if (looked > lookedAt) {
        cut = true;
        return;
      }
      const full = path.join(folder, entry.name);
      if (entry.name.startsWith('.') || passedOver.has(entry.name)) continue;
      if (entry.isFile()) {
        const one = await readFound(root, full);
        if (one) found.set(one.path, one);
      } else if (entry.isDirectory()) {
        if (level < depth) await walk(root, full, level + 1);
        else cut = true;
      }
    }
  };
  for (const root of new Set(roots)) {
    const real = await realpath(root).catch(() => null);
    if (real) await walk(real, real, 1);
  }
  const files = [...found.values()].sort((a, b) => b.modifiedAt.localeCompare(a.modifiedAt));
  return { files: files.slice(0, shownFiles), cut: cut || files.length > shownFiles };
}

async function readFound(root: string, full: string): Promise<FoundFile | null> {
  const head = await headOf(full);
  if (head !== magic) return null;
  const { size, mtime } = await stat(full);
  return {
    id: createHash('sha256').update(full).digest('hex').slice(0, 24),
    path: full,
    root,
    name: path.relative(root, full),
    bytes: String(size),
    modifiedAt: mtime.toISOString(),
  };
}

async function headOf(file: string): Promise<string | null> {
  const handle = await open(file, 'r').catch(() => null);
  if (!handle) return null;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead).toString('latin1');
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
