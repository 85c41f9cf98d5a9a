import { join } from 'node:path';
import { prepareDatabase } from '../parts/prepare-database.mjs';
import { prepareServices } from '../parts/prepare-services.mjs';
import { newToken } from '../prepare-files.mjs';
import { ALL_TABLES } from './ddl.mjs';
import { generateStore } from './generate.mjs';

/** One store is a folder of files and one schema; the first shares `public` with whatever else is there. */
export const STORES = [
  { id: 'matriz', title: 'Head office', schema: 'public', isShared: true, size: 'main', smallSize: 'small' },
  { id: 'filial', title: 'Branch', schema: 'fabio_filial', size: 'small', smallSize: 'tiny' },
  { id: 'legado', title: 'Old laptop', schema: 'fabio_legado', size: 'small', smallSize: 'tiny', dirty: true },
];

const envText = (
  store,
  folder,
) => `# Environment of fabio-${store.id}. The console changes the backend at a switch and leaves the rest.
ORCHESTRATION_STORE_BACKEND=file
ORCHESTRATION_PG_SCHEMA=${store.schema}
FABIO_DATA_DIR="${folder}"
SERVE_UNIFIED_UI=false
`;

/** Others use this schema too: only these tables are fabio's. */
const sharedTarget = (schema) => ({
  dsn_env: 'ORCHESTRATION_PG_DSN',
  admin_dsn_env: 'ORCHESTRATION_PG_ADMIN_DSN',
  schema,
  tables: Object.keys(ALL_TABLES),
});

export const profileIds = STORES.map(({ id }) => id);

/**
 * File stores under `home/fleet/data/fabio/<store>`, env files, and one target database. What exists stays as it is.
 * @param {{home: string, adminDsn: string, known?: Record<string, string>, small?: boolean, only?: string[] | null, database?: string,
 *   report?: (text: string) => void}} options adminDsn: a superuser of the target server
 * @returns {Promise<{secrets: Record<string, string>, profiles: Record<string, any>[]}>} see ../prepare-demo.mjs
 */
export async function prepare({
  home,
  adminDsn,
  known = {},
  small = false,
  only = null,
  database = 'fabio',
  report = () => {},
}) {
  const names = ['ORCHESTRATION_PG_DSN', 'ORCHESTRATION_PG_ADMIN_DSN'];
  const dsns = await prepareDatabase({ adminDsn, database, known, names });
  const chosen = STORES.filter(({ id }) => !only || only.includes(id));
  const services = chosen.map((store) => {
    const folder = join(home, 'fleet/data/fabio', store.id);
    const size = small ? store.smallSize : store.size;
    return {
      name: `fabio-${store.id}`,
      make: () =>
        generateStore({ folder, seed: `fabio-demo/${store.id}`, size, dirty: store.dirty })
          ? `fabio ${store.id} made`
          : null,
      envText: () => envText(store, folder),
    };
  });
  await prepareServices({ home, folders: ['data/fabio'], services, report });
  return {
    secrets: {
      ...dsns,
      FABIO_ADMIN_TOKEN: known.FABIO_ADMIN_TOKEN ?? newToken(),
    },
    profiles: chosen.map(({ id, title, schema, isShared }) => ({
      id,
      service: `fabio-${id}`,
      store: id,
      title,
      schema,
      ...(isShared ? { more: { target: sharedTarget(schema) } } : {}),
    })),
  };
}
