import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { canEnter, postgresAccount } from './account.mjs';
import { NeedsPerson } from './say.mjs';

export const root = resolve(import.meta.dirname, '../..');
const uid = process.getuid?.() ?? 0;

// 0711 only where another account must pass through to its cluster: it can enter, not list.
const open = (folder, account) => {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, account ? 0o711 : 0o700);
};

/** The data folder of this checkout: CUTOVER_HOME, else `.data`, else one under /var/tmp that PostgreSQL's account can enter. */
export function dataHome(env = process.env) {
  const account = postgresAccount();
  if (env.CUTOVER_HOME) {
    const home = resolve(env.CUTOVER_HOME);
    open(home, account);
    if (!canEnter(home, account))
      throw new NeedsPerson(
        `PostgreSQL runs here as ${account.name}, who cannot enter ${home}. Set CUTOVER_HOME to a folder whose parents it may pass through, e.g. /var/tmp/cutover.`,
      );
    return home;
  }
  const beside = join(root, '.data');
  if (canEnter(root, account)) {
    open(beside, account);
    return beside;
  }
  const digest = createHash('sha256').update(root).digest('hex').slice(0, 10);
  const away = `/var/tmp/cutover-${uid}-${digest}`;
  // Anyone can make names in /var/tmp: a folder that is not ours, or a link, is refused.
  if (existsSync(away) && (lstatSync(away).uid !== uid || !lstatSync(away).isDirectory()))
    throw new NeedsPerson(
      `${away} belongs to another account than ${userInfo().username}. Set CUTOVER_HOME to a folder of your own.`,
    );
  open(away, account);
  return away;
}

/** A folder for one run, that PostgreSQL's account can enter. */
export function scratchHome(word) {
  const account = postgresAccount();
  for (const parent of [tmpdir(), '/var/tmp', '/tmp']) {
    if (!existsSync(parent) || !canEnter(parent, account)) continue;
    const home = mkdtempSync(join(parent, `cutover-${word}-`));
    open(home, account);
    return home;
  }
  throw new NeedsPerson(`PostgreSQL's account ${account?.name} can enter neither ${tmpdir()} nor /var/tmp.`);
}

/** A random text kept in a 0600 file: sessions outlive restarts, and nobody has to invent a secret. */
export function keptSecret(file) {
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
