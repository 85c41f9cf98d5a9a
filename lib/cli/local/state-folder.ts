import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CutoverError } from '@/lib/errors';
import { homeFolder } from '@/lib/services/data-home';
import { hostLockHolder, withHostLock } from '@/lib/services/host-lock';

export type MoveKey = { file: string; place: string; schema: string };

const nameOf = ({ file, place, schema }: MoveKey): string => {
  const digest = createHash('sha256').update([file, place, schema].join('\0')).digest('hex').slice(0, 12);
  return `${path
    .basename(file)
    .replaceAll(/[^A-Za-z0-9._-]/g, '_')
    .slice(0, 60)}-${digest}`;
};

/** Folder of one move (file, server, schema) in the data folder: nothing is ever written beside somebody's database. */
export const stateFolder = (key: MoveKey): string => homeFolder('files', nameOf(key));

/** Every folder of a move that was begun on this host. */
export function stateFolders(): string[] {
  const all = homeFolder('files');
  return readdirSync(all, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => path.join(all, entry.name))
    .filter((folder) => existsSync(path.join(folder, 'journal.ndjson')))
    .sort();
}

/** A folder for commands that only look; gone when the work has ended. */
export async function withPassingFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const name = `.look-${randomUUID()}`;
  const folder = homeFolder('files', name);
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The process that moves or takes back what this folder is of; null while none does. */
export const holderOf = (folder: string): number | null => hostLockHolder(`file:${path.basename(folder)}`);

/** Puts an earlier move of the same file aside; its evidence stays. @returns the new place */
export function setAside(key: MoveKey): string {
  const from = stateFolder(key);
  const to = path.join(homeFolder('files', '.earlier'), `${path.basename(from)}-${Date.now()}`);
  renameSync(from, to);
  return to;
}

/** One command at a time for one move on this host; another host is shut out by the ledger's epoch. @throws CutoverError step_running */
export async function withMoveLock<T>(key: MoveKey, work: () => Promise<T>): Promise<T> {
  const attemptId = randomUUID();
  try {
    return await withHostLock({ service: `file:${nameOf(key)}`, attemptId, epoch: 1, waitMs: 0 }, work);
  } catch (thrown) {
    if (!(thrown instanceof CutoverError) || thrown.code !== 'service_busy') throw thrown;
    throw new CutoverError(
      {
        code: 'step_running',
        message: `${key.file} is being moved into ${key.schema} by another command already${holderWords(thrown.message)}.`,
        advice: 'Watch that one, or end it; cutover status says where it stands.',
        retry: 'later',
      },
      { cause: thrown },
    );
  }
}

/** ` (pid 4711, since 10:04)` of a lock that is held; empty where it does not say. */
function holderWords(message: string): string {
  const [, pid, since] = /\(pid (\d+)\)(?: since (\S+?))?[.,]?(?:\s|$)/.exec(message) ?? [];
  return pid ? ` (pid ${pid}${since ? `, since ${since}` : ''})` : '';
}
