/** The environment contract of the Oris execution server, read once at the start. */
import { ConfigError } from '../parts/errors.mjs';

const text = (env, name, fallback) => (env[name] ?? '').trim() || fallback;

function readBackend(env) {
  const backend = text(env, 'ORIS_RUNTIME_BACKEND', 'sqlite').toLowerCase();
  if (!['sqlite', 'postgres'].includes(backend))
    throw new ConfigError(`ORIS_RUNTIME_BACKEND must be sqlite or postgres, not "${backend}".`);
  return backend;
}

function readFlag(env, name, fallback) {
  const value = text(env, name, String(fallback)).toLowerCase();
  if (!['true', 'false', '1', '0'].includes(value))
    throw new ConfigError(`${name} must be true or false, not "${value}".`);
  return value === 'true' || value === '1';
}

/** A leading digit passes here and is refused by the rehearsal script, as in the real system. */
function readSchema(env) {
  const schema = text(env, 'ORIS_POSTGRES_SCHEMA', 'public');
  if (!/^[A-Za-z0-9_]{1,63}$/.test(schema))
    throw new ConfigError(`ORIS_POSTGRES_SCHEMA may hold letters, digits and underscores, not "${schema}".`);
  return schema;
}

/** `ORIS_SERVER_ADDR` is host:port; PORT alone wins, for a second process beside the first. */
function readAddress(env) {
  const [host, port] = text(env, 'ORIS_SERVER_ADDR', '127.0.0.1:8080').split(/:(?=\d+$)/);
  const number = Number(env.PORT || port);
  if (!host || !Number.isInteger(number) || number < 0 || number > 65_535)
    throw new ConfigError('ORIS_SERVER_ADDR must be host:port.');
  return { host, port: number };
}

/** @throws ConfigError with a sentence for the person who wrote the environment; never a DSN in it. */
export function readConfig(env) {
  const backend = readBackend(env);
  const dsn = text(env, 'ORIS_POSTGRES_DSN', text(env, 'ORIS_RUNTIME_DSN', null));
  if (backend === 'postgres' && !dsn)
    throw new ConfigError(
      'ORIS_POSTGRES_DSN (or ORIS_RUNTIME_DSN) is not set; ORIS_RUNTIME_BACKEND=postgres needs it.',
    );
  return {
    backend,
    dsn,
    schema: readSchema(env),
    requireSchema: readFlag(env, 'ORIS_POSTGRES_REQUIRE_SCHEMA', true),
    dbPath: text(env, 'ORIS_SQLITE_DB', 'oris_execution_server.db'),
    bearerToken: text(env, 'ORIS_API_AUTH_BEARER_TOKEN', null),
    apiKey: text(env, 'ORIS_API_AUTH_API_KEY', null),
    ...readAddress(env),
    logFile: text(env, 'ORIS_LOG_FILE', null),
    adminToken: text(env, 'ORIS_ADMIN_TOKEN', null),
    startHeldBypass: text(env, 'ORIS_MAINTENANCE', null),
  };
}
