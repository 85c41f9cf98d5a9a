import { readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { CutoverError, type ErrorCode } from '@/lib/errors';
import { listStore } from '@/lib/sources/json-store/list-files';
import { checkSourcePath } from '@/lib/sources/sqlite-file';

const advices: Partial<Record<ErrorCode, string>> = {
  source_missing: 'Check the path; it is read from the folder you stand in.',
  source_forbidden: 'Name one database file that this account may read.',
  source_empty: 'Check the path: a typing error may have created this file.',
  source_not_a_database: 'Check the path; an encrypted file must be decrypted first.',
};

const jsonName = /\.(json|ndjson|jsonl)$/i;

/** Whether a path is a store of JSON files: a file that ends in .json, .ndjson or .jsonl, or a folder with such files. */
export const isJsonStore = (file: string): boolean => {
  if (!statSync(file, { throwIfNoEntry: false })?.isDirectory()) return jsonName.test(file);
  return readdirSync(file, { recursive: true, encoding: 'utf8' }).some((name) => jsonName.test(name));
};

/** The real, absolute path of a SQLite file, a JSON file or a folder of them that a person named; nothing is created. @throws CutoverError source_* */
export function readSourcePath(given: string, cwd: string): string {
  const full = path.resolve(cwd, given);
  try {
    const real = realOf(full);
    if (isJsonStore(real)) listStore(real, [path.dirname(real)]);
    else checkSourcePath({ path: real, allowedRoots: [path.dirname(real)] });
    return real;
  } catch (thrown) {
    if (!(thrown instanceof CutoverError)) throw thrown;
    throw new CutoverError({ ...thrown.toJSON(), advice: advices[thrown.code] ?? thrown.advice }, { cause: thrown });
  }
}

function realOf(full: string): string {
  try {
    return realpathSync(full);
  } catch {
    return full;
  }
}
