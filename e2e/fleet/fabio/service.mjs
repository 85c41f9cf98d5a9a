/** fabio over HTTP. Start: `node e2e/fleet/fabio/service.mjs` with the environment of config.mjs. */
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { Maintenance } from '../sx_db/maintenance.mjs';
import { openRequestLog } from '../sx_db/request-log.mjs';
import { ConfigError, readConfig } from './config.mjs';
import { createHandler } from './request-handler.mjs';
import { openStateFiles } from './state-files.mjs';

const DRAIN_MS = 800;

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
  const log = openRequestLog(config.logFile);
  const server = createServer(createHandler({ config, store, files, maintenance, log }));
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  const stop = async () => {
    const closed = new Promise((resolve) => {
      server.close(resolve);
    });
    server.closeIdleConnections();
    const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    await closed;
    clearTimeout(timer);
    await Promise.race([
      store.close(),
      new Promise((resolve) => {
        setTimeout(resolve, 100).unref();
      }),
    ]);
    log.close();
  };
  return { port: server.address().port, config, stop };
}

async function main() {
  const service = await startService(process.env);
  const { port, config } = service;
  let ending = false;
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      service.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
  // Last: whoever reads it may send a signal at once.
  process.stdout.write(`${JSON.stringify({ event: 'listening', port, pid: process.pid, backend: config.backend })}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main().catch((error) => {
    process.stderr.write(
      `fabio: ${error instanceof ConfigError ? error.message : `${error.code ?? error.name}: ${error.message}`}\n`,
    );
    process.exit(error instanceof ConfigError ? 2 : 1);
  });
}
