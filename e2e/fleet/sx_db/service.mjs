/** sx_db over HTTP. Start: `node e2e/fleet/sx_db/service.mjs` with the environment of config.mjs. */
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { ConfigError, readConfig } from './config.mjs';
import { Maintenance } from './maintenance.mjs';
import { createHandler } from './request-handler.mjs';
import { openRequestLog } from './request-log.mjs';

const DRAIN_MS = 800;

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
  const log = openRequestLog(config.logFile);
  const server = createServer(createHandler({ config, backend, maintenance, log }));
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
      backend.close(),
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
  // Announced last: who reads it may send a signal at once.
  process.stdout.write(
    `${JSON.stringify({ event: 'listening', port: service.port, pid: process.pid, mode: service.config.mode })}\n`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main().catch((error) => {
    process.stderr.write(
      `sx_db: ${error instanceof ConfigError ? error.message : `${error.code ?? error.name}: ${error.message}`}\n`,
    );
    process.exit(error instanceof ConfigError ? 2 : 1);
  });
}
