/** Orcheo over HTTP. Start: `node e2e/fleet/orcheo/service.mjs` with the environment of config.mjs. */
import { Maintenance } from '../parts/maintenance.mjs';
import { openRequestLog } from '../parts/request-log.mjs';
import { listen, serveAsProgram } from '../parts/serve.mjs';
import { readConfig } from './config.mjs';
import { createHandler } from './request-handler.mjs';
import { openSurfaces } from './surfaces.mjs';

/** Starts a service and answers when it listens. @returns {Promise<{port: number, stop(): Promise<void>}>} */
export async function startService(env) {
  const config = readConfig(env);
  const maintenance = new Maintenance(config.startHeldBypass);
  const surfaces = await openSurfaces(config);
  const log = openRequestLog(config.logFile, 'orcheo');
  const handler = createHandler({ config, surfaces, maintenance, log });
  return listen({ config, handler, closeStores: () => surfaces.close(), closeLast: () => log.close() });
}

serveAsProgram(import.meta.url, { name: 'orcheo', start: startService, announce: ({ backends }) => ({ backends }) });
