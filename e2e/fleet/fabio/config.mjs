/** The environment contract of fabio, read once at the start. */
import { join, resolve } from 'node:path';
import { ConfigError } from '../parts/errors.mjs';

function readPort(env) {
  const port = Number(env.PORT || 4001);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new ConfigError(`PORT must be a port number, not "${env.PORT}".`);
  return port;
}

/** @throws ConfigError with a sentence for the person who wrote the environment; never a DSN in it. */
export function readConfig(env) {
  const backend = (env.ORCHESTRATION_STORE_BACKEND || 'file').trim().toLowerCase();
  if (backend !== 'file' && backend !== 'postgres')
    throw new ConfigError(`ORCHESTRATION_STORE_BACKEND must be file or postgres, not "${backend}".`);
  const schema = env.ORCHESTRATION_PG_SCHEMA || 'public';
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(schema))
    throw new ConfigError(`ORCHESTRATION_PG_SCHEMA "${schema}" is no valid identifier.`);
  const dsn = env.ORCHESTRATION_PG_DSN || env.DATABASE_URL || null;
  if (backend === 'postgres' && !dsn)
    throw new ConfigError('Missing Postgres DSN: set ORCHESTRATION_PG_DSN or DATABASE_URL.');
  // TRAP kept: ORCHESTRATION_PG_AUTO_MIGRATE is documented and read nowhere; the tables are made always.
  return {
    backend,
    schema,
    dsn,
    dataDir: resolve(env.FABIO_DATA_DIR || join(process.cwd(), '.runtime-data')),
    host: env.HOST || '127.0.0.1',
    port: readPort(env),
    serveUi: (env.SERVE_UNIFIED_UI || 'false') === 'true',
    logFile: env.FABIO_LOG_FILE || null,
    adminToken: env.FABIO_ADMIN_TOKEN || null,
    startHeldBypass: env.FABIO_MAINTENANCE || null,
  };
}
