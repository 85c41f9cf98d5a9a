import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
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
  try {
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
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw notWritten(thrown, file);
  }
  const folder = await open(path.dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Whole new content or the old one, without giving way to anything else of this process. Not proof against a power cut:
 *  for what is void after one, such as the record of a running process. */
export function writeAtOnce(file: string, content: string): void {
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, file);
}

/** @returns the failure with a code and a next move where it is one that a person can end */
function notWritten(thrown: unknown, file: string): unknown {
  const code = (thrown as NodeJS.ErrnoException)?.code ?? '';
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code);
  if (!full && !['EROFS', 'EACCES', 'EPERM'].includes(code)) return thrown;
  return new CutoverError(
    {
      code: full ? 'disk_full' : 'file_forbidden',
      message: `${file} cannot be written (${code}); it is as it was.`,
      advice: full
        ? `Free space in ${path.dirname(file)}, then retry.`
        : `Let the console write in ${path.dirname(file)}, then retry.`,
      retry: 'later',
      facts: { file, errno: code },
    },
    { cause: thrown },
  );
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
