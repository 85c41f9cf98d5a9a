import { mkdirSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import path from 'node:path';
import { CutoverError } from '@/lib/errors';

/** A folder under the console's data folder; made, 0700. */
export function homeFolder(...parts: string[]): string {
  const home = process.env.CUTOVER_HOME;
  if (!home) {
    throw new CutoverError({
      code: 'input_invalid',
      message: 'CUTOVER_HOME is not set, so the console does not know its data folder.',
      advice: 'Start the worker through npm start, or set CUTOVER_HOME to the data folder.',
    });
  }
  const folder = path.join(home, ...parts);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Whole new content or the old one, also after a power cut: temporary file, fsync, rename, fsync of the folder. */
export async function writeWhole(
  file: string,
  content: string,
  mode: number,
  owner?: { uid: number; gid: number },
): Promise<void> {
  const temporary = `${file}.${process.pid}.${Math.random().toString(36).slice(2, 8)}.new`;
  const handle = await open(temporary, 'wx', mode);
  try {
    await handle.chmod(mode);
    if (owner && process.getuid?.() === 0) await handle.chown(owner.uid, owner.gid);
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  const folder = await open(path.dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** JSON of a file of ours; null when it is not there or was never finished. */
export function readJson<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (thrown) {
    if (thrown instanceof SyntaxError || (thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw thrown;
  }
}
