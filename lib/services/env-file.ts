import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { CutoverError } from '@/lib/errors';
import { writeWhole } from './data-home';

export type EnvFile = {
  path: string;
  text: string;
  digest: string;
  mode: number;
  changedAt: Date;
  values: Record<string, string>;
};

const ASSIGNMENT = /^(\s*(?:export\s+)?)([A-Za-z_][A-Za-z0-9_]*)(\s*=)(.*?)(\r?)$/;

export const textDigest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Values of an env file: last assignment wins, quotes taken off, `#` after white space begins a comment in unquoted values. */
export function parseEnv(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const found = ASSIGNMENT.exec(line);
    if (found?.[2] !== undefined) values[found[2]] = unquote(found[4] ?? '');
  }
  return values;
}

function unquote(raw: string): string {
  const value = raw.trim();
  const quoted = /^(["'])(.*)\1\s*(?:#.*)?$/.exec(value);
  if (quoted) return quoted[2] ?? '';
  return value.replace(/(^|\s)#.*$/, '').trim();
}

/** The same text with some values changed (null: every assignment taken out); comments, order, quotes and line ends stay. */
export function changeEnvText(text: string, changes: Record<string, string | null>): string {
  const lines = text.split('\n');
  for (const [name, value] of Object.entries(changes)) {
    const places = lines.flatMap((line, index) => (ASSIGNMENT.exec(line)?.[2] === name ? [index] : []));
    if (value === null) {
      for (const index of places.reverse()) lines.splice(index, 1);
      continue;
    }
    const last = places.at(-1);
    if (last === undefined) {
      const end = lines.at(-1) === '' ? lines.length - 1 : lines.length;
      lines.splice(end, 0, `${name}=${quoteAsNeeded(value)}`);
      if (end === lines.length - 1) lines.push('');
      continue;
    }
    const [, before = '', , equals = '=', old = '', carriage = ''] = ASSIGNMENT.exec(lines[last] ?? '') ?? [];
    if (unquote(old) !== value) lines[last] = `${before}${name}${equals}${quoteAsNeeded(value)}${carriage}`;
  }
  return lines.join('\n');
}

const quoteAsNeeded = (value: string): string => (/^[\w.,:/@%+=-]*$/.test(value) ? value : `"${value}"`);

/** Reads a service's env file, through a link to the file itself. @throws CutoverError env_file_invalid */
export function readEnvFile(file: string): EnvFile {
  try {
    const real = realpathSync(file);
    const facts = statSync(real);
    if (!facts.isFile()) throw new Error('it is not a regular file');
    if (facts.size > 1_048_576) throw new Error('it is longer than 1 MB');
    const text = readFileSync(real, 'utf8');
    if (text.includes('\0')) throw new Error('it holds a NUL character');
    return {
      path: real,
      text,
      digest: textDigest(text),
      mode: facts.mode & 0o777,
      changedAt: facts.mtime,
      values: parseEnv(text),
    };
  } catch (thrown) {
    throw new CutoverError(
      {
        code: 'env_file_invalid',
        message: `The env file ${file} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
        advice: 'Correct env_file in the fleet file, or the rights of the file.',
        retry: 'later',
      },
      { cause: thrown },
    );
  }
}

/** Refuses what may not be written: a name outside the allow-list, a value that would end its line. */
export function assertEnvChanges(
  service: Pick<ServiceEntry, 'name' | 'env_allow'>,
  changes: Record<string, string | null>,
): void {
  for (const [name, value] of Object.entries(changes)) {
    if (!service.env_allow.includes(name)) {
      throw new CutoverError({
        code: 'env_key_forbidden',
        message: `${name} is not in env_allow of service ${service.name}.`,
        advice: 'Add the name to env_allow in the fleet file if the console may write it.',
      });
    }
    if (value !== null && /[\0\r\n"\\$`]/.test(value)) {
      throw new CutoverError({
        code: 'env_file_invalid',
        message: `The new value of ${name} holds a line end, NUL, quote, backslash, dollar sign or backtick.`,
        advice: 'Use a value on one line without these characters.',
      });
    }
  }
}

/**
 * Changes values of a service's env file, whole or not at all; mode and owner stay. Writes nothing when nothing changes.
 * @returns the file before and after, so that the old text can be kept for the way back
 */
export async function writeEnvFile(
  service: ServiceEntry,
  changes: Record<string, string | null>,
): Promise<{ before: EnvFile; after: EnvFile }> {
  assertEnvChanges(service, changes);
  const before = readEnvFile(service.env_file);
  const text = changeEnvText(before.text, changes);
  if (text !== before.text) {
    const { uid, gid } = statSync(before.path);
    await writeWhole(before.path, text, before.mode, { uid, gid });
  }
  return { before, after: readEnvFile(service.env_file) };
}

/** Puts an earlier text back as it was, byte for byte. */
export async function restoreEnvText(service: ServiceEntry, text: string): Promise<void> {
  const now = readEnvFile(service.env_file);
  const { uid, gid } = statSync(now.path);
  if (now.text !== text) await writeWhole(now.path, text, now.mode, { uid, gid });
}

/** Env difference as the plan shows it: `-NAME=old` and `+NAME=new`. */
export function envDifference(values: Record<string, string>, changes: Record<string, string | null>): string {
  return Object.entries(changes)
    .flatMap(([name, value]) => {
      const old = values[name];
      if (old === (value ?? undefined)) return [` ${name}=${old ?? ''}`];
      return [...(old === undefined ? [] : [`-${name}=${old}`]), ...(value === null ? [] : [`+${name}=${value}`])];
    })
    .join('\n');
}
