import { join } from 'node:path';
import { prepareDatabase } from '../parts/prepare-database.mjs';
import { prepareServices } from '../parts/prepare-services.mjs';
import { newToken } from '../prepare-files.mjs';
import { generateTenant } from './generate.mjs';

/** One tenant is six SQLite files and one PostgreSQL database. */
export const TENANTS = [
  { id: 'studio', title: 'Studio', size: 'main', smallSize: 'small' },
  { id: 'support', title: 'Support desk', size: 'small', smallSize: 'tiny' },
  { id: 'attic', title: 'Imported by hand', size: 'small', smallSize: 'tiny', dirty: true },
];

/** The service has no schema setting; its role finds its tables here. */
export const SCHEMA = 'orcheo';

export const dsnName = (id) => `ORCHEO_${id.toUpperCase()}_POSTGRES_DSN`;
export const adminDsnName = (id) => `ORCHEO_${id.toUpperCase()}_POSTGRES_ADMIN_DSN`;

const envText = (
  tenant,
  folder,
) => `# Environment of orcheo-${tenant.id}. The console changes the backends at a switch and leaves the rest.
ORCHEO_REPOSITORY_BACKEND=sqlite
ORCHEO_CHECKPOINT_BACKEND=sqlite
ORCHEO_CHATKIT_BACKEND=sqlite
ORCHEO_GRAPH_STORE_BACKEND=sqlite
ORCHEO_REPOSITORY_SQLITE_PATH="${join(folder, 'workflows.sqlite')}"
ORCHEO_SERVICE_TOKEN_SQLITE_PATH="${join(folder, 'service_tokens.sqlite')}"
ORCHEO_CHATKIT_SQLITE_PATH="${join(folder, 'chatkit.sqlite')}"
ORCHEO_SQLITE_PATH="${join(folder, 'checkpoints.sqlite')}"
ORCHEO_GRAPH_STORE_SQLITE_PATH="${join(folder, 'graph_store.sqlite')}"
ORCHEO_VAULT_LOCAL_PATH="${join(folder, 'vault.sqlite')}"
`;

export const profileIds = TENANTS.map(({ id }) => id);

/**
 * Data files under `home/fleet/data/orcheo/<tenant>`, env files, and a target database a tenant. What exists stays as it is.
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
  database = 'orcheo',
  report = () => {},
}) {
  const secrets = { ORCHEO_ADMIN_TOKEN: known.ORCHEO_ADMIN_TOKEN ?? newToken() };
  const chosen = TENANTS.filter(({ id }) => !only || only.includes(id));
  const services = chosen.map((tenant) => {
    const folder = join(home, 'fleet/data/orcheo', tenant.id);
    return {
      name: `orcheo-${tenant.id}`,
      async make() {
        const names = [dsnName(tenant.id), adminDsnName(tenant.id)];
        const own = `${database}_${tenant.id}`;
        Object.assign(secrets, await prepareDatabase({ adminDsn, database: own, known, names, searchPath: SCHEMA }));
        const size = small ? tenant.smallSize : tenant.size;
        const files = generateTenant({ folder, seed: `orcheo-demo/${tenant.id}`, size, dirty: tenant.dirty });
        return files.length > 0 ? `orcheo ${tenant.id}: ${files.join(', ')} made` : null;
      },
      envText: () => envText(tenant, folder),
    };
  });
  await prepareServices({ home, services, report });
  const namesOf = ({ id, title }) => ({ id, service: `orcheo-${id}`, tenant: id, TENANT: id.toUpperCase(), title });
  return { secrets, profiles: chosen.map(namesOf) };
}
