import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { CutoverError } from '@/lib/errors';
import { manifestName, progressName } from './manifest';

/** Files beneath a folder of an export, as the manifest names them; anything else stands under its own name. */
export async function listFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const one of await readdir(folder, { withFileTypes: true })) {
    if (!one.isDirectory()) found.push(one.name);
    else {
      const inside = await readdir(path.join(folder, one.name));
      found.push(...inside.map((name) => `${one.name}/${name}`));
    }
  }
  return found.sort();
}

const batchPattern = /^[^/]+\/batch_\d{4,}\.jsonl$/;
const partialPattern =
  /^[^/]+\/batch_\d{4,}\.jsonl(\.again)?\.partial$|^[^/]+\/batch_\d{4,}\.jsonl\.again$|^manifest\.json\.partial$/;

/** Makes the folder, and takes away what a killed export has left half-written. @throws CutoverError input_invalid: strangers are in it */
export async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const strangers: string[] = [];
  for (const name of await listFiles(folder)) {
    if (partialPattern.test(name)) await rm(path.join(folder, name));
    else if (name !== manifestName && name !== progressName && !batchPattern.test(name)) strangers.push(name);
  }
  if (strangers.length)
    throw new CutoverError({
      code: 'input_invalid',
      message: `The folder holds ${strangers.slice(0, 5).join(', ')}, which no export has made.`,
      advice: 'Choose an empty folder.',
      facts: { strangers: strangers.slice(0, 50) },
    });
}
