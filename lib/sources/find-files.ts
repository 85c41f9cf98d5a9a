import { createHash } from 'node:crypto';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { sqliteMagic } from './file-trouble';

/** A SQLite file, or a store of JSON files, under an allowed root. `id` stands for its real path, so that no path ever comes from a browser. */
export type FoundFile = {
  id: string;
  path: string;
  root: string;
  name: string;
  kind: 'sqlite-file' | 'json-store';
  bytes: string;
  modifiedAt: string;
};
export type FoundFiles = {
  files: FoundFile[];
  /** All that were found, also those beyond the list. */
  total: number;
  /** What was not looked at: folders that lie deeper, or whatever came after so many entries. */
  cut: 'deep' | 'many' | null;
};
/** A folder with nothing in it but JSON files, all the way down. */
type JsonFolder = { path: string; bytes: number; modified: Date };

const depth = 5;
const shownFiles = 200;
const lookedAt = 5_000;
/** Never somebody's data: packages, and what the console itself keeps. */
const passedOver = new Set(['node_modules']);

/** A name that promises a database: what is none is listed too, so that a person sees why it cannot be moved. */
const databaseName = /\.(db|db3|sqlite|sqlite3|s3db)$/i;
const jsonName = /\.(json|ndjson|jsonl)$/i;
const linesName = /\.(ndjson|jsonl)$/i;

/**
 * SQLite files (by content, or by a name that says so), folders of nothing but JSON files, and files of JSON lines under the
 * roots, newest first. Symbolic links are not followed, hidden folders and the console's own are passed over, and no more than
 * 5,000 entries are looked at: a root may be a whole disk.
 * @param own folders of the console that are left out, unless a root lies in one
 */
export async function findMovableFiles(roots: readonly string[], own: readonly string[] = []): Promise<FoundFiles> {
  const search = new Search(await Promise.all(own.map((folder) => realpath(folder).catch(() => folder))));
  for (const root of new Set(roots)) {
    const real = await realpath(root).catch(() => null);
    if (real) await search.walk(real, real, 1);
  }
  const files = [...search.found.values()].sort((a, b) => b.modifiedAt.localeCompare(a.modifiedAt));
  return { files: files.slice(0, shownFiles), total: files.length, cut: search.cut };
}

class Search {
  readonly found = new Map<string, FoundFile>();
  cut: FoundFiles['cut'] = null;
  private looked = 0;

  constructor(private readonly own: readonly string[]) {}

  /** @returns the folder where it is a store of JSON as a whole: then whoever holds it decides what is offered */
  async walk(root: string, folder: string, level: number): Promise<JsonFolder | null> {
    if (this.own.includes(folder)) return null;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    // A PostgreSQL cluster: thousands of files, none of them SQLite's.
    if (entries.some(({ name }) => name === 'PG_VERSION')) return null;
    const json: FoundFile[] = [];
    const stores: JsonFolder[] = [];
    let whole = level > 1 && entries.length > 0;
    for (const entry of entries.sort((a, b) => Number(a.isDirectory()) - Number(b.isDirectory()))) {
      this.looked += 1;
      if (this.looked > lookedAt) {
        this.cut = 'many';
        return null;
      }
      const full = path.join(folder, entry.name);
      const passed = entry.name.startsWith('.') || passedOver.has(entry.name);
      if (entry.isFile() && !passed && jsonName.test(entry.name)) json.push(await foundAt(root, full, 'json-store'));
      else if (entry.isDirectory() && !passed && level < depth) {
        const store = await this.walk(root, full, level + 1);
        if (store) stores.push(store);
        else whole = false;
      } else {
        whole = false;
        if (entry.isDirectory() && !passed) this.cut ??= 'deep';
        if (entry.isFile() && !passed && (databaseName.test(entry.name) || (await headOf(full)) === sqliteMagic))
          this.add(await foundAt(root, full, 'sqlite-file'));
      }
    }
    if (whole) return joined(folder, json, stores);
    for (const one of json) if (linesName.test(one.path)) this.add(one);
    for (const { path: store, bytes, modified } of stores)
      this.add({ ...named(root, store, 'json-store'), bytes: String(bytes), modifiedAt: modified.toISOString() });
    return null;
  }

  private add(one: FoundFile): void {
    this.found.set(one.path, one);
  }
}

function joined(folder: string, json: readonly FoundFile[], stores: readonly JsonFolder[]): JsonFolder {
  const all = [
    ...json.map(({ bytes, modifiedAt }) => ({ bytes: Number(bytes), modified: new Date(modifiedAt) })),
    ...stores,
  ];
  return {
    path: folder,
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    modified: new Date(Math.max(...all.map(({ modified }) => modified.getTime()))),
  };
}

const named = (root: string, full: string, kind: FoundFile['kind']) => ({
  id: createHash('sha256').update(full).digest('hex').slice(0, 24),
  path: full,
  root,
  name: path.relative(root, full),
  kind,
});

async function foundAt(root: string, full: string, kind: FoundFile['kind']): Promise<FoundFile> {
  const { size, mtime } = await stat(full);
  return { ...named(root, full, kind), bytes: String(size), modifiedAt: mtime.toISOString() };
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
