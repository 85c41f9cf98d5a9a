import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { newToken, writeWhole } from '../prepare-files.mjs';
import { quoteIdent } from '../sx_db/ddl.mjs';
import { generateTenant } from './generate.mjs';
import { tenants } from './tenants.mjs';

/** Tables of a tenant lie in this schema of its own database; the roles have it in their search path. */
export const SCHEMA = 'humanonly';

const literal = (text) => `'${text.replaceAll("'", "''")}'`;
const passwordIn = (dsn) => (dsn ? decodeURIComponent(new URL(dsn).password) : randomBytes(18).toString('base64url'));

async function withClient(dsn, work) {
  const client = new pg.Client({
    connectionString: dsn,
    connectionTimeoutMillis: 10_000,
    application_name: 'prepare demo',
  });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const canConnect = (dsn) =>
  withClient(dsn, (client) => client.query('SELECT 1')).then(
    () => true,
    () => false,
  );

function dsnFor(adminDsn, user, password, database) {
  const url = new URL(adminDsn);
  Object.assign(url, { username: user, password, pathname: `/${database}` });
  return url.href;
}

async function ensureRole(client, role, password, options) {
  const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = known.rows.length > 0 ? 'ALTER' : 'CREATE';
  await client.query(`${verb} ROLE ${quoteIdent(role)} LOGIN ${options} PASSWORD ${literal(password)}`);
}

/** The database of a tenant, its owner role and an admin role; both find the tables by their search path. */
async function prepareDatabase({ adminDsn, database, known, names }) {
  const [app, admin] = [`${database}_app`, `${database}_admin`];
  const [appPassword, adminPassword] = names.map((name) => passwordIn(known[name]));
  const dsns = {
    [names[0]]: dsnFor(adminDsn, app, appPassword, database),
    [names[1]]: dsnFor(adminDsn, admin, adminPassword, database),
  };
  const isKnown = names.every((name) => dsns[name] === known[name]);
  if (isKnown && (await canConnect(dsns[names[0]])) && (await canConnect(dsns[names[1]]))) return dsns;
  await withClient(adminDsn, async (client) => {
    await ensureRole(client, app, appPassword, 'NOSUPERUSER NOCREATEROLE');
    await ensureRole(client, admin, adminPassword, 'NOSUPERUSER NOCREATEROLE CREATEDB');
    await client.query(`GRANT ${quoteIdent(app)} TO ${quoteIdent(admin)}`);
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (found.rows.length === 0)
      await client.query(
        `CREATE DATABASE ${quoteIdent(database)} OWNER ${quoteIdent(app)} ENCODING 'UTF8' TEMPLATE template0`,
      );
    await client.query(`REVOKE CONNECT ON DATABASE ${quoteIdent(database)} FROM PUBLIC`);
    await client.query(`GRANT CONNECT ON DATABASE ${quoteIdent(database)} TO ${quoteIdent(admin)}`);
    for (const role of [app, admin])
      await client.query(
        `ALTER ROLE ${quoteIdent(role)} IN DATABASE ${quoteIdent(database)} SET search_path = ${SCHEMA}, public`,
      );
  });
  return dsns;
}

function envText(tenant, folder) {
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
    '',
  ].join('\n');
}

/**
 * Data, env files and databases of all tenants. Safe to repeat and to interrupt: what is there is never touched.
 * @param {{home: string, adminDsn: string, known?: Record<string, string>, small?: boolean, database?: string,
 *   report?: (text: string) => void}} options adminDsn: a superuser of the target server
 * @returns {Promise<{secrets: Record<string, string>, services: string[]}>} secrets by name (not yet written anywhere),
 *   and the services that need a port
 */
export async function prepareHumanonly({
  home,
  adminDsn,
  known = {},
  small = false,
  database = 'humanonly',
  report = () => {},
}) {
  const fleet = join(resolve(home), 'fleet');
  for (const folder of ['data/humanonly', 'env', 'logs'])
    mkdirSync(join(fleet, folder), { recursive: true, mode: 0o750 });
  const secrets = {
    HUMANONLY_ADMIN_TOKEN: known.HUMANONLY_ADMIN_TOKEN ?? newToken(),
    NEXTAUTH_SECRET: known.NEXTAUTH_SECRET ?? newToken(),
  };
  const services = [];
  for (const tenant of tenants({ small })) {
    const name = tenant.id.toUpperCase();
    const names = [`HUMANONLY_${name}_URL`, `HUMANONLY_${name}_ADMIN_URL`];
    Object.assign(secrets, await prepareDatabase({ adminDsn, database: `${database}_${tenant.id}`, known, names }));
    const folder = join(fleet, 'data/humanonly', tenant.id);
    if (!existsSync(join(folder, 'store.db'))) {
      generateTenant({ folder, seed: `humanonly-demo/${tenant.id}`, posts: tenant.posts, dirty: tenant.dirty });
      report(`humanonly/${tenant.id} made`);
    }
    const service = `humanonly-${tenant.id}`;
    const envFile = join(fleet, 'env', `${service}.env`);
    if (!existsSync(envFile)) writeWhole(envFile, envText(tenant, folder), 0o640);
    services.push(service);
  }
  return { secrets, services };
}
