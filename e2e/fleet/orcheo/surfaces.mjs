import { openPool, openPostgresStore, ensureSurface } from './postgres-store.mjs';

/** SQLite files of a surface; the tokens lie beside the repository's file. */
const FILES = { repository: 'workflows', checkpoint: 'checkpoints', chatkit: 'chatkit', graph_store: 'graph_store' };

/**
 * One store a surface, each by its own switch, so that a half switched service is possible and visible.
 * SQLite is loaded only when something still lives there; the vault always does.
 */
export async function openSurfaces(config) {
  const { openSqliteStore } = await import('./sqlite-store.mjs');
  const isPostgres = (surface) => config.backends[surface] === 'postgres';
  const pool = Object.keys(FILES).some(isPostgres) ? openPool(config) : null;
  const stores = { vault: openSqliteStore(config.files.vault, 'vault') };
  try {
    for (const [surface, file] of Object.entries(FILES)) {
      if (isPostgres(surface)) {
        await ensureSurface(pool, surface);
        stores[surface] = openPostgresStore(pool);
      } else stores[surface] = openSqliteStore(config.files[file], file);
    }
    // TRAP kept: service tokens have no switch of their own; they follow the repository.
    stores.service_tokens = isPostgres('repository')
      ? openPostgresStore(pool)
      : openSqliteStore(config.files.service_tokens, 'service_tokens');
  } catch (error) {
    await closeAll(stores, pool);
    throw error;
  }
  return {
    stores,
    describe: () => Object.fromEntries(Object.entries(stores).map(([name, store]) => [name, store.describe()])),
    ping: () => Promise.all(Object.values(stores).map((store) => store.one('SELECT 1 AS ok'))),
    close: () => closeAll(stores, pool),
  };
}

async function closeAll(stores, pool) {
  await Promise.all(Object.values(stores).map((store) => store.close()));
  await pool?.end();
}
