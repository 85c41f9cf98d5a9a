import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { prepareDatabase } from '../parts/prepare-database.mjs';
import { prepareServices } from '../parts/prepare-services.mjs';
import { newToken } from '../prepare-files.mjs';
import { generateTenant } from './generate.mjs';
import { tenants } from './tenants.mjs';

/** Tables of a tenant lie in this schema of its own database; the roles have it in their search path. */
export const SCHEMA = 'humanonly';

function envText(tenant, folder, small) {
  return [
    `# Environment of humanonly-${tenant.id}. The console changes HUMANONLY_STORAGE_BACKEND at a switch and leaves the rest.`,
    'HUMANONLY_STORAGE_BACKEND=sqlite',
    `HUMANONLY_DB_FILE="${join(folder, 'store.db')}"`,
    `HUMANONLY_AUDIT_LOG_FILE="${join(folder, 'audit-log.jsonl')}"`,
    'HUMANONLY_AUDIT_WRITE_MODE=sync',
    'HUMANONLY_ADMIN_HANDLES=chief_admin',
    'HUMANONLY_MODERATOR_HANDLES=queue_mod',
    // The demo's PostgreSQL listens on loopback without TLS; the default would end the process at its first request.
    'HUMANONLY_POSTGRES_SSL_MODE=disable',
    `HUMANONLY_POSTGRES_APPLICATION_NAME=humanonly-${tenant.id}`,
    // A walk of the tests onboards dozens of people; three seconds for each are minutes.
    ...(small ? ['HUMANONLY_CHALLENGE_MIN_SOLVE_MS=400'] : []),
    '',
  ].join('\n');
}

export const profileIds = tenants().map(({ id }) => id);

/**
 * Data, env files and databases of all tenants. Safe to repeat and to interrupt: what is there is never touched.
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
  database = 'humanonly',
  report = () => {},
}) {
  const secrets = {
    HUMANONLY_ADMIN_TOKEN: known.HUMANONLY_ADMIN_TOKEN ?? newToken(),
    NEXTAUTH_SECRET: known.NEXTAUTH_SECRET ?? newToken(),
  };
  const chosen = tenants({ small }).filter(({ id }) => !only || only.includes(id));
  const services = chosen.map((tenant) => {
    const folder = join(resolve(home), 'fleet/data/humanonly', tenant.id);
    return {
      name: `humanonly-${tenant.id}`,
      async make() {
        const name = tenant.id.toUpperCase();
        const names = [`HUMANONLY_${name}_URL`, `HUMANONLY_${name}_ADMIN_URL`];
        const own = `${database}_${tenant.id}`;
        Object.assign(secrets, await prepareDatabase({ adminDsn, database: own, known, names, searchPath: SCHEMA }));
        if (existsSync(join(folder, 'store.db'))) return null;
        generateTenant({ folder, seed: `humanonly-demo/${tenant.id}`, posts: tenant.posts, dirty: tenant.dirty });
        return `humanonly/${tenant.id} made`;
      },
      envText: () => envText(tenant, folder, small),
    };
  });
  await prepareServices({ home, folders: ['data/humanonly'], services, report });
  const namesOf = ({ id, title }) => ({ id, service: `humanonly-${id}`, tenant: id, TENANT: id.toUpperCase(), title });
  return { secrets, profiles: chosen.map(namesOf) };
}
