/** The environment contract of sx_db, read once at the start. */
import { ConfigError } from '../parts/errors.mjs';

export const MODES = { SQLITE: 'sqlite', POSTGRES_PRIMARY: 'postgres_primary' };

function readFlag(env, name, fallback) {
  const text = (env[name] ?? '').trim().toLowerCase();
  if (text === '') return fallback;
  if (['1', 'true', 'yes', 'on'].includes(text)) return true;
  if (['0', 'false', 'no', 'off'].includes(text)) return false;
  throw new ConfigError(`${name} must be true or false, not "${text}".`);
}

function readMode(env) {
  const mode = (env.SX_DB_BACKEND_MODE ?? 'SQLITE').trim().toUpperCase();
  if (mode === 'POSTGRES_MIRROR') {
    throw new ConfigError('SX_DB_BACKEND_MODE=POSTGRES_MIRROR is deprecated; use SQLITE or POSTGRES_PRIMARY.');
  }
  if (!(mode in MODES)) throw new ConfigError(`SX_DB_BACKEND_MODE must be SQLITE or POSTGRES_PRIMARY, not "${mode}".`);
  return mode;
}

function readPort(env) {
  const port = Number(env.PORT ?? 8123);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new ConfigError(`PORT must be a port number, not "${env.PORT}".`);
  return port;
}

/** @throws ConfigError with a sentence for the person who wrote the environment; never a DSN in it. */
export function readConfig(env) {
  return {
    mode: readMode(env),
    dbPath: env.SX_DB_PATH ?? 'sx.db',
    ftsEnabled: readFlag(env, 'SX_DB_ENABLE_FTS', true),
    dsn: env.SX_POSTGRES_DSN || null,
    adminDsn: env.SX_POSTGRES_ADMIN_DSN || null,
    schemaPrefix: env.SX_POSTGRES_SCHEMA_PREFIX || 'sx',
    registryTable: env.SX_POSTGRES_REGISTRY_TABLE || 'sx_source_registry',
    requireExplicitSource: readFlag(env, 'SX_API_REQUIRE_EXPLICIT_SOURCE', true),
    enforceProfileMatch: readFlag(env, 'SX_API_ENFORCE_PROFILE_SOURCE_MATCH', true),
    defaultSourceId: env.SX_DEFAULT_SOURCE_ID || 'default',
    profileIndex: env.SX_PROFILE_INDEX ? Number(env.SX_PROFILE_INDEX) : null,
    host: env.HOST || '127.0.0.1',
    port: readPort(env),
    logFile: env.SX_LOG_FILE || null,
    adminToken: env.SX_ADMIN_TOKEN || null,
    startHeldBypass: env.SX_MAINTENANCE || null,
  };
}

/** @throws ConfigError when PostgreSQL is needed and no DSN is named. */
export function requireDsn(config) {
  if (!config.dsn) throw new ConfigError('SX_POSTGRES_DSN is not set; PostgreSQL cannot be reached without it.');
  return config.dsn;
}
