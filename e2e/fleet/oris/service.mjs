/** The Oris execution server. Start: `node e2e/fleet/oris/service.mjs` with the environment of config.mjs. */
import { Maintenance } from '../parts/maintenance.mjs';
import { openRequestLog } from '../parts/request-log.mjs';
import { listen, serveAsProgram } from '../parts/serve.mjs';
import { readConfig } from './config.mjs';
import { createHandler } from './request-handler.mjs';
import { openPostgresStore, openSqliteStore } from './store.mjs';

/**
 * Starts a service and answers when it listens.
 * @param {Record<string, string | undefined>} env
 * @param {{now?: () => number}} [options]
 */
export async function startService(env, { now = Date.now } = {}) {
  const config = readConfig(env);
  const store = config.backend === 'postgres' ? await openPostgresStore(config) : openSqliteStore(config);
  const maintenance = new Maintenance(config.startHeldBypass);
  const log = openRequestLog(config.logFile, 'oris');
  const handler = createHandler({ config, store, now, maintenance, log });
  return listen({ config, handler, closeStores: () => store.close(), closeLast: () => log.close() });
}

serveAsProgram(import.meta.url, {
  name: 'oris',
  start: (env) => startService(env),
  announce: ({ backend }) => ({ backend }),
});
