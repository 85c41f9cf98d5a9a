import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function* filesUnder(path, keep) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const full = join(path, entry.name);
    if (entry.isDirectory()) yield* filesUnder(full, keep);
    else if (entry.isFile() && keep(full)) yield full;
  }
}

/** Digest of the contents and names of files and folders, and of the Node version that works on them. */
export function digestOf(root, paths, { keep = () => true, extra = '' } = {}) {
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch} ${extra}`);
  for (const path of paths)
    for (const file of filesUnder(join(root, path), keep))
      hash.update(`\0${file.slice(root.length)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

/** True if the output was finished from these inputs. The stamp lies inside the output: who deletes one deletes both. */
export function isFresh(stampFile, digest, proof) {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest && (!proof || existsSync(proof));
}

export const clearStamp = (stampFile) => rmSync(stampFile, { force: true });
export const writeStamp = (stampFile, digest) => writeFileSync(stampFile, digest);

/** Runs `work` unless its output is fresh. An interrupted one leaves no stamp and is done again. */
export async function unlessFresh({ stampFile, digest, proof }, work) {
  if (isFresh(stampFile, digest, proof)) return 'unchanged';
  clearStamp(stampFile);
  await work();
  writeStamp(stampFile, digest);
  return '';
}
