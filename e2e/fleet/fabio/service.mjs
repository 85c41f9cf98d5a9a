/** fabio over HTTP. Start: `node e2e/fleet/fabio/service.mjs` with the environment of config.mjs. */
import { Maintenance } from '../parts/maintenance.mjs';
import { openRequestLog } from '../parts/request-log.mjs';
import { listen, serveAsProgram } from '../parts/serve.mjs';
import { readConfig } from './config.mjs';
import { createHandler } from './request-handler.mjs';
import { openStateFiles } from './state-files.mjs';

/** Only what is in use is loaded; the state files are there under either backend. */
async function openStore(config) {
  if (config.backend === 'postgres') return (await import('./postgres-store.mjs')).openPostgresStore(config);
  return (await import('./file-store.mjs')).openFileStore(config.dataDir);
}

/** Starts a service and answers when it listens. @returns {Promise<{port: number, stop(): Promise<void>}>} */
export async function startService(env) {
  const config = readConfig(env);
  const maintenance = new Maintenance(config.startHeldBypass);
  const store = await openStore(config);
  const files = openStateFiles(config.dataDir);
  const log = openRequestLog(config.logFile, 'fabio');
  const handler = createHandler({ config, store, files, maintenance, log });
  return listen({ config, handler, closeStores: () => store.close(), closeLast: () => log.close() });
}

serveAsProgram(import.meta.url, { name: 'fabio', start: startService, announce: ({ backend }) => ({ backend }) });
