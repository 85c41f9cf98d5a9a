import { readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CutoverError } from '@/lib/errors';

type Wanted = { host: string; port: string; database: string; user: string };
type Env = Record<string, string | undefined>;

/** The password that libpq would use: PGPASSWORD, else the first matching line of PGPASSFILE or ~/.pgpass. */
export function keptPassword(wanted: Wanted, env: Env): string | null {
  if (env.PGPASSWORD) return env.PGPASSWORD;
  const file = env.PGPASSFILE ?? path.join(env.HOME ?? os.homedir(), '.pgpass');
  const text = readSafely(file, env.PGPASSFILE !== undefined);
  if (text === null) return null;
  const keys = [wanted.host, wanted.port, wanted.database, wanted.user];
  for (const line of text.split('\n')) {
    if (!line || line.startsWith('#')) continue;
    const [host, port, database, user, ...password] = fieldsOf(line.replace(/\r$/, ''));
    const fits = [host, port, database, user].every((field, at) => field === '*' || field === keys[at]);
    if (fits && password.length) return password.join(':');
  }
  return null;
}

/** Parted by colons; a backslash keeps the next character. */
function fieldsOf(line: string): string[] {
  const fields: string[] = [];
  let field = '';
  for (let at = 0; at < line.length; at += 1) {
    const one = line.charAt(at);
    if (one === '\\' && at + 1 < line.length) {
      at += 1;
      field += line.charAt(at);
    } else if (one === ':') {
      fields.push(field);
      field = '';
    } else field += one;
  }
  return [...fields, field];
}

/** As libpq does: a file that others may read holds no secret. @throws CutoverError file_forbidden when it was asked for by name */
function readSafely(file: string, named: boolean): string | null {
  try {
    if (statSync(file).mode & 0o077) {
      if (!named) return null;
      throw new CutoverError({
        code: 'file_forbidden',
        message: `${file} may be read by others, so its passwords are not used.`,
        advice: `Run chmod 600 ${file}, then retry.`,
      });
    }
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    if (thrown instanceof CutoverError) throw thrown;
    if (!named) return null;
    throw new CutoverError({
      code: 'file_forbidden',
      message: `PGPASSFILE names ${file}, which cannot be read (${(thrown as NodeJS.ErrnoException).code ?? 'error'}).`,
      advice: 'Correct PGPASSFILE.',
    });
  }
}

/** One section of the connection service file. @throws CutoverError dsn_invalid */
export function readService(name: string, env: Env): Record<string, string> {
  const files = [
    env.PGSERVICEFILE ?? path.join(env.HOME ?? os.homedir(), '.pg_service.conf'),
    ...(env.PGSYSCONFDIR ? [path.join(env.PGSYSCONFDIR, 'pg_service.conf')] : []),
  ];
  for (const file of files) {
    const section = sectionOf(file, name);
    if (section) return section;
  }
  throw new CutoverError({
    code: 'dsn_invalid',
    message: `There is no service [${name}] in ${files.join(' or ')}.`,
    advice: 'Add the section, or set PGSERVICEFILE to the file that has it.',
  });
}

function sectionOf(file: string, name: string): Record<string, string> | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  const found: Record<string, string> = {};
  let inside = false;
  let seen = false;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (!line || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      inside = line === `[${name}]`;
      seen ||= inside;
    } else if (inside) {
      const at = line.indexOf('=');
      if (at > 0) found[line.slice(0, at).trim()] = line.slice(at + 1).trim();
    }
  }
  return seen ? found : null;
}
