/** The environment contract of Orcheo, read once at the start. Only names with the prefix ORCHEO_ count. */
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConfigError } from '../parts/errors.mjs';

/** Surface → the variable that switches it (without the prefix). */
export const SWITCHES = {
  repository: 'REPOSITORY_BACKEND',
  checkpoint: 'CHECKPOINT_BACKEND',
  chatkit: 'CHATKIT_BACKEND',
  graph_store: 'GRAPH_STORE_BACKEND',
};

function readBackend(get, name) {
  const backend = (get(name) ?? 'sqlite').trim().toLowerCase();
  if (backend !== 'sqlite' && backend !== 'postgres')
    throw new ConfigError(`ORCHEO_${name} must be sqlite or postgres, not "${backend}".`);
  return backend;
}

function readNumber(get, name, fallback, least) {
  const value = Number(get(name) ?? fallback);
  if (!Number.isInteger(value) || value < least)
    throw new ConfigError(`ORCHEO_${name} must be a whole number of at least ${least}, not "${get(name)}".`);
  return value;
}

function readFiles(get, home) {
  const workflows = get('REPOSITORY_SQLITE_PATH') ?? join(home, 'workflows.sqlite');
  return {
    workflows,
    service_tokens: get('SERVICE_TOKEN_SQLITE_PATH') ?? join(dirname(workflows), 'service_tokens.sqlite'),
    chatkit: get('CHATKIT_SQLITE_PATH') ?? join(home, 'chatkit.sqlite'),
    checkpoints: get('SQLITE_PATH') ?? join(home, 'checkpoints.sqlite'),
    graph_store: get('GRAPH_STORE_SQLITE_PATH') ?? join(home, 'graph_store.sqlite'),
    vault: get('VAULT_LOCAL_PATH') ?? join(home, 'vault.sqlite'),
  };
}

/** @throws ConfigError with a sentence for the person who wrote the environment; never a DSN in it. */
export function readConfig(env) {
  // TRAP kept: a variable without the prefix is not read, and the surface stays on SQLite without a word.
  const get = (name) => env[`ORCHEO_${name}`] || undefined;
  const home = get('HOME') ?? join(env.HOME ?? homedir(), '.orcheo');
  const backends = Object.fromEntries(
    Object.entries(SWITCHES).map(([surface, name]) => [surface, readBackend(get, name)]),
  );
  const config = {
    backends,
    files: readFiles(get, home),
    dsn: get('POSTGRES_DSN') ?? null,
    pool: {
      min: readNumber(get, 'POSTGRES_POOL_MIN_SIZE', 1, 0),
      max: readNumber(get, 'POSTGRES_POOL_MAX_SIZE', 10, 1),
      timeoutSeconds: readNumber(get, 'POSTGRES_POOL_TIMEOUT', 30, 1),
      maxIdleSeconds: readNumber(get, 'POSTGRES_POOL_MAX_IDLE', 300, 1),
    },
    host: get('HOST') ?? '0.0.0.0',
    port: readNumber(get, 'PORT', 8000, 0),
    logFile: get('LOG_FILE') ?? null,
    adminToken: get('ADMIN_TOKEN') ?? null,
    startHeldBypass: get('MAINTENANCE') ?? null,
  };
  if (!config.dsn && Object.values(backends).includes('postgres'))
    throw new ConfigError('ORCHEO_POSTGRES_DSN must be set when a backend is postgres.');
  return config;
}
