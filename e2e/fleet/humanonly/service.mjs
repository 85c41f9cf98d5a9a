/** HumanOnly over HTTP. Start: `node e2e/fleet/humanonly/service.mjs` with the environment of config.mjs. */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { Maintenance } from '../sx_db/maintenance.mjs';
import { openRequestLog } from '../sx_db/request-log.mjs';
import { openAuditLog } from './audit-log.mjs';
import { ConfigError, readConfig } from './config.mjs';
import { TABLE_NAMES } from './ddl.mjs';
import { createHandler } from './request-handler.mjs';
import { readSnapshot } from './snapshot-backend.mjs';
import { Store } from './store.mjs';

const DRAIN_MS = 800;

/** Only the driver in use is loaded: a process on PostgreSQL never touches the SQLite file. */
async function openBackend(config, store) {
  if (config.backend === 'postgres') return (await import('./postgres-backend.mjs')).openPostgresBackend(config, store);
  if (config.backend === 'json-snapshot')
    return (await import('./snapshot-backend.mjs')).openSnapshotBackend(config, store);
  return (await import('./sqlite-backend.mjs')).openSqliteBackend(config);
}

/** An empty store takes an older JSON file or the seed on its first run. */
async function seedIfEmpty({ config, store, backend }) {
  if (!store.isEmpty()) return;
  const file = [backend.name === 'sqlite' ? config.dataFile : null, config.seedFile].find((f) => f && existsSync(f));
  if (!file) return;
  store.addSeed(readSnapshot(file));
  await backend.flush(TABLE_NAMES.flatMap((table) => [...store[table].values()].map((row) => ({ table, row }))));
}

/**
 * The store is opened by the first request that needs it. On PostgreSQL nobody waits for the rows, so that request
 * finds nothing; and a connection that cannot be made ends the process then, not at the start. Both are kept traps.
 */
function storeOpener(app, onFatal) {
  let opening = null;
  const open = async () => {
    app.store.hydrate(await app.backend.load());
    await seedIfEmpty(app);
  };
  return async () => {
    opening ??= open();
    if (!app.backend.hydratesLate) return opening;
    opening.catch(onFatal);
  };
}

/**
 * Starts a service and answers when it listens.
 * @param {Record<string, string | undefined>} env
 * @param {{now?: () => number, onFatal?: (error: Error) => void}} [options]
 */
export async function startService(env, { now = Date.now, onFatal = () => {} } = {}) {
  const config = readConfig(env);
  const store = new Store();
  const backend = await openBackend(config, store);
  const app = {
    config,
    store,
    backend,
    now,
    maintenance: new Maintenance(config.startHeldBypass),
    auditLog: openAuditLog(config),
    log: openRequestLog(config.logFile),
  };
  const server = createServer(createHandler(Object.assign(app, { openStore: storeOpener(app, onFatal) })));
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
    await app.auditLog.close();
    await backend.close();
    app.log.close();
  };
  return { port: server.address().port, config, stop };
}

async function main() {
  const fail = (error) => {
    process.stderr.write(
      `humanonly: ${error instanceof ConfigError ? error.message : `${error.code ?? error.name}: ${error.message}`}\n`,
    );
    process.exit(error instanceof ConfigError ? 2 : 1);
  };
  const service = await startService(process.env, { onFatal: fail }).catch(fail);
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
