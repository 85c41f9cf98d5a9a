import path from 'node:path';
import { readDigest } from './batch-file';
import { listFiles } from './list-files';
import { batchesOf, type Binding, damaged, type Manifest, manifestName, progressName, readManifest } from './manifest';

export type Damage = { file: string; problem: string };

/** What of the files is not as the manifest says, each named. Empty = whole. */
export async function findDamage(folder: string, manifest: Manifest, signal?: AbortSignal): Promise<Damage[]> {
  const batches = batchesOf(manifest);
  const ofDigest = new Map(batches.map(({ file, sha256 }) => [sha256, file]));
  const damages: Damage[] = [];
  for (const { file, bytes, sha256 } of batches) {
    signal?.throwIfAborted();
    const found = readDigest(path.join(folder, file));
    if (found?.sha256 === sha256) continue;
    const other = found && ofDigest.get(found.sha256);
    const problem = !found
      ? 'is missing.'
      : other
        ? `holds what belongs into ${other}: swapped or copied.`
        : found.bytes < bytes
          ? `was cut: ${found.bytes} bytes of ${bytes}.`
          : found.bytes > bytes
            ? `has grown: ${found.bytes} bytes where ${bytes} were written.`
            : `was changed: its SHA-256 is ${found.sha256}, written was ${sha256}.`;
    damages.push({ file, problem: `${file} ${problem}` });
  }
  const named = new Set([...batches.map(({ file }) => file), manifestName]);
  for (const file of await listFiles(folder))
    if (!named.has(file))
      damages.push({
        file,
        problem:
          file === progressName
            ? `${file} is left of an export that was not finished.`
            : `${file} is in no line of the manifest.`,
      });
  return damages;
}

/** Manifest and every file, read to the end. @throws CutoverError export_damaged naming all that is wrong | export_incomplete */
export async function verifyFiles(folder: string, binding: Binding, signal?: AbortSignal): Promise<Manifest> {
  const manifest = readManifest(folder, binding);
  const damages = await findDamage(folder, manifest, signal);
  const [first, ...more] = damages;
  if (first)
    throw damaged(
      `${first.problem}${
        more.length
          ? ` And ${more.length} more: ${more
              .slice(0, 5)
              .map(({ file }) => file)
              .join(', ')}.`
          : ''
      }`,
      {
        files: damages.map(({ file }) => file),
      },
    );
  return manifest;
}
