/** sx_db over HTTP. Start: `node e2e/fleet/sx_db/service.mjs` with the environment of config.mjs. */
import { Maintenance } from '../parts/maintenance.mjs';
import { openRequestLog } from '../parts/request-log.mjs';
import { listen, serveAsProgram } from '../parts/serve.mjs';
import { readConfig } from './config.mjs';
import { createHandler } from './request-handler.mjs';

/** Only the driver in use is loaded: a process in PostgreSQL mode never touches SQLite, and the start stays short. */
async function openBackend(config, maintenance) {
  if (config.mode === 'POSTGRES_PRIMARY') return (await import('./postgres-backend.mjs')).openPostgresBackend(config);
  return (await import('./sqlite-backend.mjs')).openSqliteBackend(config, maintenance);
}

/** Starts a service and answers when it listens. @returns {Promise<{port: number, stop(): Promise<void>}>} */
export async function startService(env) {
  const config = readConfig(env);
  const maintenance = new Maintenance(config.startHeldBypass);
  const backend = await openBackend(config, maintenance);
  const log = openRequestLog(config.logFile, 'sx_db');
  const handler = createHandler({ config, backend, maintenance, log });
  return listen({ config, handler, closeStores: () => backend.close(), closeLast: () => log.close() });
}

serveAsProgram(import.meta.url, { name: 'sx_db', start: startService, announce: ({ mode }) => ({ mode }) });
