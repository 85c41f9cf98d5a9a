import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const kept = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'TERM', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'];
const pick = (names) =>
  Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));

/** Names that the fleet file itself asks for as `${NAME}`; never what would lead a tool to the control plane. */
function namedByFleet(fleet) {
  if (!fleet || !existsSync(fleet)) return [];
  const names = [...readFileSync(fleet, 'utf8').matchAll(/\$\{([A-Z_][A-Z0-9_]*)\}/g)].map(([, name]) => name);
  return names.filter((name) => name !== 'DATABASE_URL' && !name.startsWith('PG'));
}

/** The environment of the console's processes, built from a list. Only the worker and the command line learn of secrets. */
export function consoleEnv({
  home,
  url,
  databaseUrl,
  fleet,
  binDir,
  authSecret,
  instance,
  demo,
  dev = false,
  failpoints,
}) {
  return {
    ...pick([...kept, ...namedByFleet(fleet)]),
    NODE_ENV: dev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    CUTOVER_HOME: home,
    CUTOVER_URL: url,
    CUTOVER_FLEET: fleet,
    CUTOVER_INSTANCE: instance,
    DATABASE_URL: databaseUrl,
    BETTER_AUTH_SECRET: authSecret,
    BETTER_AUTH_URL: url,
    PG_BIN_DIR: binDir,
    ...(demo ? { CUTOVER_DEMO: '1' } : {}),
    ...(failpoints ? { CUTOVER_FAILPOINTS: failpoints } : {}),
  };
}

const fileOf = (home) => join(home, 'run', 'env.json');

/** Leaves the environment where the command line finds it (0600): it must work while the web is down. */
export const keepConsoleEnv = (home, env) => writeFileSync(fileOf(home), JSON.stringify(env, null, 2), { mode: 0o600 });

/** The environment of the console that ran last in a data folder; null when none did. */
export const readConsoleEnv = (home) =>
  existsSync(fileOf(home)) ? JSON.parse(readFileSync(fileOf(home), 'utf8')) : null;
