import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * The account that PostgreSQL runs as: it refuses root, so root lends it `postgres`, else `nobody`.
 * @returns {{ name: string, uid: number, gid: number } | null} null for an ordinary user, who runs it as themselves
 */
export function postgresAccount() {
  if (process.getuid?.() !== 0) return null;
  const lines = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const found = lines.find((fields) => fields[0] === name);
    if (found) return { name, uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new Error('Neither the account postgres nor nobody exists; PostgreSQL does not run as root.');
}

/** Options for child_process: that account's ids, none for an ordinary user. */
export const asAccount = (account) => (account ? { uid: account.uid, gid: account.gid } : {});

/** True if the account can pass through every parent of a folder; asked by doing, so that access lists count. */
export function canEnter(folder, account) {
  if (!account) return true;
  return spawnSync('/bin/ls', ['-d', `${folder}/.`], { ...asAccount(account), cwd: '/', stdio: 'ignore' }).status === 0;
}
