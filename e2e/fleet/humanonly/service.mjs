/** HumanOnly over HTTP. Start: `node e2e/fleet/humanonly/service.mjs` with the environment of config.mjs. */
import { existsSync } from 'node:fs';
import { Maintenance } from '../parts/maintenance.mjs';
import { openRequestLog } from '../parts/request-log.mjs';
import { listen, serveAsProgram } from '../parts/serve.mjs';
import { openAuditLog } from './audit-log.mjs';
import { readConfig } from './config.mjs';
import { TABLE_NAMES } from './ddl.mjs';
import { createHandler } from './request-handler.mjs';
import { readSnapshot } from './snapshot-backend.mjs';
import { Store } from './store.mjs';

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
    log: openRequestLog(config.logFile, 'humanonly'),
  };
  const handler = createHandler(Object.assign(app, { openStore: storeOpener(app, onFatal) }));
  const closeLast = async () => {
    await app.auditLog.close();
    await backend.close();
    app.log.close();
  };
  return listen({ config, handler, closeLast });
}

serveAsProgram(import.meta.url, {
  name: 'humanonly',
  start: (env, onFatal) => startService(env, { onFatal }),
  announce: ({ backend }) => ({ backend }),
});
