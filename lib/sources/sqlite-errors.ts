import { CutoverError } from '@/lib/errors';
import { lockHolders } from './lock-holder';

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';

/** Anything SQLite throws, as an error a person can act on; what is not SQLite's is returned as it is. */
export function sqliteError(thrown: unknown, path: string): unknown {
  if (thrown instanceof CutoverError) return thrown;
  const code = codeOf(thrown);
  const cause = { cause: thrown };
  const facts = { path, sqlite: code };
  if (code === 'SQLITE_NOTADB')
    return new CutoverError(
      {
        code: 'source_not_a_database',
        message: `${path} is no SQLite database, or it is encrypted.`,
        advice:
          'Check the path that was given, in the fleet file or on the command line; an encrypted file must be decrypted first.',
        facts,
      },
      cause,
    );
  if (code.startsWith('SQLITE_CORRUPT'))
    return new CutoverError(
      {
        code: 'source_damaged',
        message: `${path} is damaged: ${(thrown as Error).message}.`,
        advice: 'Stop here. Recover on a copy (sqlite3 .recover) and let the system’s owner decide what is used.',
        facts,
      },
      cause,
    );
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    const pids = lockHolders(path);
    const who = pids.length ? ` It is held by process ${pids.join(', ')}.` : '';
    return new CutoverError(
      {
        code: 'source_locked',
        message: `${path} stayed locked for the whole waiting time.${who}`,
        advice: 'Let that process finish its transaction, then retry.',
        retry: 'later',
        facts: { ...facts, pids },
      },
      cause,
    );
  }
  if (
    code.startsWith('SQLITE_CANTOPEN') ||
    code.startsWith('SQLITE_READONLY') ||
    code.startsWith('SQLITE_PERM') ||
    code.startsWith('SQLITE_AUTH')
  )
    return new CutoverError(
      {
        code: 'source_forbidden',
        message: `${path} cannot be opened (${code}): ${(thrown as Error).message}.`,
        advice:
          'Give the console’s account read access to the file and write access to its folder (a WAL database needs its -shm file).',
        facts,
      },
      cause,
    );
  if (code.startsWith('SQLITE_FULL') || (thrown as NodeJS.ErrnoException)?.code === 'ENOSPC')
    return new CutoverError(
      {
        code: 'disk_full',
        message: `No space left while working on ${path}.`,
        advice: 'Free some space, then retry; nothing half-written is kept.',
        retry: 'later',
        facts,
      },
      cause,
    );
  if (code.startsWith('SQLITE_IOERR'))
    return new CutoverError(
      {
        code: 'source_damaged',
        message: `Reading ${path} failed (${code}).`,
        advice: 'Check the disk; retry once it is sound.',
        retry: 'later',
        facts,
      },
      cause,
    );
  return thrown;
}
