/** The environment contract of HumanOnly, read once at the start. */
import { ConfigError } from '../parts/errors.mjs';
import { MIN_SOLVE_MS } from './session.mjs';

const BACKENDS = ['sqlite', 'postgres', 'json-snapshot'];
const SSL_MODES = ['require', 'prefer', 'disable'];

const text = (env, name, fallback) => (env[name] ?? '').trim() || fallback;
const handles = (env, name) =>
  text(env, name, '')
    .split(',')
    .map((handle) => handle.trim().toLowerCase())
    .filter(Boolean);

function count(env, name, fallback) {
  const value = Number(text(env, name, String(fallback)));
  if (!Number.isInteger(value) || value < 0)
    throw new ConfigError(`${name} must be a whole number, not "${env[name]}".`);
  return value;
}

/** A misspelled backend falls back to sqlite without a word: the real service does, so only its health shows it. */
function readBackend(env) {
  const wanted = text(env, 'HUMANONLY_STORAGE_BACKEND', 'sqlite').toLowerCase();
  return BACKENDS.includes(wanted) ? wanted : 'sqlite';
}

/** In production "disable" becomes "require" again unless somebody has approved it. */
function readSslMode(env) {
  const wanted = text(env, 'HUMANONLY_POSTGRES_SSL_MODE', 'require').toLowerCase();
  const mode = SSL_MODES.includes(wanted) ? wanted : 'require';
  const approved = text(env, 'HUMANONLY_POSTGRES_SSL_DISABLE_APPROVED', '0') === '1';
  return mode === 'disable' && env.NODE_ENV === 'production' && !approved ? 'require' : mode;
}

/** In production "async" needs a flag and a reference of the approval; without them the log stays in step. */
function readAuditMode(env) {
  if (text(env, 'HUMANONLY_AUDIT_WRITE_MODE', 'sync').toLowerCase() !== 'async') return 'sync';
  const approved =
    text(env, 'HUMANONLY_AUDIT_ASYNC_APPROVED', '0') === '1' && text(env, 'HUMANONLY_AUDIT_ASYNC_APPROVAL_REF', '');
  return env.NODE_ENV === 'production' && !approved ? 'sync' : 'async';
}

function readPostgres(env) {
  return {
    url: text(env, 'HUMANONLY_POSTGRES_URL', null),
    poolSize: count(env, 'HUMANONLY_POSTGRES_POOL_SIZE', 20) || 20,
    idleMs: count(env, 'HUMANONLY_POSTGRES_IDLE_TIMEOUT_MS', 10_000),
    connectionMs: count(env, 'HUMANONLY_POSTGRES_CONNECTION_TIMEOUT_MS', 5_000),
    statementMs: count(env, 'HUMANONLY_POSTGRES_STATEMENT_TIMEOUT_MS', 5_000),
    queryMs: count(env, 'HUMANONLY_POSTGRES_QUERY_TIMEOUT_MS', 5_000),
    maxUses: count(env, 'HUMANONLY_POSTGRES_MAX_USES', 0),
    applicationName: text(env, 'HUMANONLY_POSTGRES_APPLICATION_NAME', 'humanonly'),
    sslMode: readSslMode(env),
    reconcileEvery: count(env, 'HUMANONLY_POSTGRES_FULL_RECONCILE_EVERY_N_FLUSHES', 0),
  };
}

/** @throws ConfigError with a sentence for the person who wrote the environment; never a URL in it. */
export function readConfig(env) {
  const port = count(env, 'PORT', 3000);
  if (port > 65_535) throw new ConfigError(`PORT must be a port number, not "${env.PORT}".`);
  const secret = text(env, 'NEXTAUTH_SECRET', null);
  if (!secret) throw new ConfigError('NEXTAUTH_SECRET is not set; sessions cannot be signed without it.');
  const backend = readBackend(env);
  const postgres = readPostgres(env);
  if (backend === 'postgres' && !postgres.url)
    throw new ConfigError('HUMANONLY_POSTGRES_URL is not set; HUMANONLY_STORAGE_BACKEND=postgres needs it.');
  return {
    backend,
    postgres,
    secret,
    assuranceSecret: text(env, 'HUMANONLY_IDENTITY_ASSURANCE_SECRET', secret),
    dbFile: text(env, 'HUMANONLY_DB_FILE', '.data/store.db'),
    auditFile: text(env, 'HUMANONLY_AUDIT_LOG_FILE', '.data/audit-log.jsonl'),
    dataFile: text(env, 'HUMANONLY_DATA_FILE', null),
    seedFile: text(env, 'HUMANONLY_SEED_FILE', null),
    adminHandles: handles(env, 'HUMANONLY_ADMIN_HANDLES'),
    moderatorHandles: handles(env, 'HUMANONLY_MODERATOR_HANDLES'),
    auditMode: readAuditMode(env),
    // Ours, for the small demo of the tests: the real service has a constant.
    minSolveMs: count(env, 'HUMANONLY_CHALLENGE_MIN_SOLVE_MS', MIN_SOLVE_MS),
    host: text(env, 'HOST', '127.0.0.1'),
    port,
    logFile: text(env, 'HUMANONLY_LOG_FILE', null),
    adminToken: text(env, 'HUMANONLY_ADMIN_TOKEN', null),
    startHeldBypass: text(env, 'HUMANONLY_MAINTENANCE', null),
  };
}
