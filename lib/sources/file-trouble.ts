import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ErrorCode } from '@/lib/errors';
import { formatCount } from '@/lib/shared/format';
import { skipSpace, skipValue } from './json-store/json-tokens';
import { JsonWindow, NotJson } from './json-store/json-window';

/** Why a file cannot be moved as it is now, in the words of the step that would find it later. */
export type FileTrouble = { code: ErrorCode; message: string; advice: string };

export const sqliteMagic = 'SQLite format 3\0';
const putBack = 'Put back its last whole copy, or choose another file.';
/** More JSON than this is left to the preflight: a web request reads no gigabytes. */
const readBytes = 8_000_000;

/** What the header of a SQLite file tells without opening it as a database; null when it speaks against nothing. */
export async function sqliteTrouble(file: string): Promise<FileTrouble | null> {
  const handle = await open(file, 'r').catch(() => null);
  if (!handle) return null;
  try {
    // With a journal beside it the file is in the middle of a change, and the journal has the rest.
    const changing = await stat(`${file}-journal`).then(
      () => true,
      () => false,
    );
    return await headerTrouble(handle, path.basename(file), changing);
  } finally {
    await handle.close();
  }
}

/** @see https://www.sqlite.org/fileformat2.html (the database header) */
async function headerTrouble(handle: FileHandle, name: string, changing: boolean): Promise<FileTrouble | null> {
  const { size } = await handle.stat();
  if (size === 0) return { code: 'source_empty', message: `${name} has 0 bytes.`, advice: putBack };
  const { buffer: head, bytesRead } = await handle.read(Buffer.alloc(100), 0, 100, 0);
  if (head.toString('latin1', 0, 16) !== sqliteMagic)
    return {
      code: 'source_not_a_database',
      message: `${name} is no SQLite file: it does not begin as one.`,
      advice: 'Choose another file; an encrypted one must be decrypted first.',
    };
  const stored = head.readUInt16BE(16);
  // The count of pages holds only where the last writer kept it.
  const pages = head.readUInt32BE(24) === head.readUInt32BE(92) ? head.readUInt32BE(28) : 1;
  const whole = pages * (stored === 1 ? 65_536 : stored);
  return bytesRead < 100 || (size < whole && !changing)
    ? {
        code: 'source_damaged',
        message: `${name} is cut short at byte ${formatCount(size)} of ${formatCount(whole)}.`,
        advice: putBack,
      }
    : null;
}

/** The first place of a store that is no JSON; null when there is none, or the store is too large to look. Lines are judged one by one, when they are read. */
export async function jsonTrouble(store: string): Promise<FileTrouble | null> {
  let left = readBytes;
  for (const file of await filesOf(store)) {
    left -= (await stat(file)).size;
    if (left < 0) return null;
    const broken = /\.json$/i.test(file) ? brokenAt(file) : null;
    if (!broken) continue;
    const { code, message, advice } = broken.refusal(path.relative(path.dirname(store), file));
    return { code, message, advice };
  }
  return null;
}

async function filesOf(store: string): Promise<string[]> {
  if ((await stat(store)).isFile()) return [store];
  const entries = await readdir(store, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

function brokenAt(file: string): NotJson | null {
  try {
    JsonWindow.open(file, (window) => {
      skipSpace(window);
      skipValue(window, false);
    });
    return null;
  } catch (thrown) {
    if (thrown instanceof NotJson) return thrown;
    throw thrown;
  }
}
