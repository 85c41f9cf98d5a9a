/** The Oris execution server. Start: `node e2e/fleet/oris/service.mjs` with the environment of config.mjs. */
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { Maintenance } from '../sx_db/maintenance.mjs';
import { openRequestLog } from '../sx_db/request-log.mjs';
import { ConfigError, readConfig } from './config.mjs';
import { createHandler } from './request-handler.mjs';
import { openPostgresStore, openSqliteStore } from './store.mjs';

const DRAIN_MS = 800;

/**
 * Starts a service and answers when it listens.
 * @param {Record<string, string | undefined>} env
 * @param {{now?: () => number}} [options]
 */
export async function startService(env, { now = Date.now } = {}) {
  const config = readConfig(env);
  const store = config.backend === 'postgres' ? await openPostgresStore(config) : openSqliteStore(config);
  const app = {
    config,
    store,
    now,
    maintenance: new Maintenance(config.startHeldBypass),
    log: openRequestLog(config.logFile),
  };
  const server = createServer(createHandler(app));
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, () => resolve(null));
  });
  const stop = async () => {
    const closed = new Promise((resolve) => {
      server.close(resolve);
    });
    server.closeIdleConnections();
    const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    await closed;
    clearTimeout(timer);
    await store.close();
    app.log.close();
  };
  return { port: server.address().port, config, stop };
}

async function main() {
  const fail = (error) => {
    process.stderr.write(`oris: ${error.message || error.code}\n`);
    process.exit(error instanceof ConfigError ? 2 : 1);
  };
  const service = await startService(process.env).catch(fail);
  let ending = false;
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      service.stop().then(() => process.exit(0), fail);
    });
  }
  // Last: whoever reads it may send a signal at once.
  process.stdout.write(
    `${JSON.stringify({ event: 'listening', port: service.port, pid: process.pid, backend: service.config.backend })}\n`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
