import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { findChromium } from './find-chromium.mjs';
import { findPostgres } from './find-postgres.mjs';
import { NeedsPerson, timed } from './say.mjs';

const has = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
const canApt = () => process.getuid?.() === 0 && process.platform === 'linux' && has('apt-get');

function apt(args) {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
  const done = spawnSync('apt-get', ['-qq', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (done.status !== 0)
    throw new Error(
      `apt-get ${args.join(' ')} failed:\n${`${done.stdout}${done.stderr}`.trim().split('\n').slice(-15).join('\n')}`,
    );
}

const installed = (name) => apt(['install', '-y', '--no-install-recommends', name]);
let updated = false;
function aptInstall(name) {
  if (!updated) apt(['update']);
  updated = true;
  installed(name);
}

/** Debian's server package makes and starts a cluster on 5432 unless told not to; it is told so for the installation only. */
function installPostgres() {
  aptInstall('postgresql-common');
  const conf = '/etc/postgresql-common/createcluster.conf';
  const before = existsSync(conf) ? readFileSync(conf, 'utf8') : null;
  if (before !== null) appendFileSync(conf, '\ncreate_main_cluster = false\n');
  try {
    aptInstall('postgresql');
  } finally {
    if (before !== null) writeFileSync(conf, before);
  }
}

const howToPostgres = () =>
  process.platform === 'darwin'
    ? 'brew install postgresql@17'
    : has('dnf')
      ? 'sudo dnf install postgresql-server'
      : has('apk')
        ? 'sudo apk add postgresql'
        : 'sudo apt-get install postgresql';
const howToChromium = () =>
  process.platform === 'linux' && has('apt-get') && !isUbuntu()
    ? 'sudo apt-get install chromium'
    : 'npx playwright install --with-deps chromium';
const isUbuntu = () => existsSync('/etc/os-release') && /^ID=ubuntu$/m.test(readFileSync('/etc/os-release', 'utf8'));

/** @throws NeedsPerson with the one command to run */
export async function requirePostgres() {
  const found = findPostgres();
  if (found) return found;
  if (process.env.PG_BIN_DIR)
    throw new NeedsPerson(
      `PG_BIN_DIR=${process.env.PG_BIN_DIR} does not hold initdb, pg_ctl, postgres, psql, pg_dump and pg_restore of one version. Correct it, or unset it to search.`,
    );
  if (canApt()) {
    await timed('install PostgreSQL (apt)', installPostgres);
    const now = findPostgres();
    if (now) return now;
  }
  throw new NeedsPerson(
    `PostgreSQL's server programs were not found. Run:\n\n    ${howToPostgres()}\n\nor set PG_BIN_DIR to the folder that holds initdb.`,
  );
}

/** @throws NeedsPerson with the one command to run */
export async function requireChromium() {
  const found = findChromium();
  if (found) return found;
  if (canApt() && !isUbuntu()) {
    await timed('install Chromium (apt)', () => aptInstall('chromium'));
    const now = findChromium();
    if (now) return now;
  }
  throw new NeedsPerson(
    `No Chromium was found for the browser tests. Run:\n\n    ${howToChromium()}\n\nor set CHROMIUM_PATH.`,
  );
}

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new NeedsPerson(`Node ${process.versions.node} is too old: 20.19 or newer is needed.`);
}
