import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { quoteIdent } from '../sx_db/ddl.mjs';

const literal = (text) => `'${text.replaceAll("'", "''")}'`;
const passwordIn = (dsn) => (dsn ? decodeURIComponent(new URL(dsn).password) : randomBytes(18).toString('base64url'));

/** One connection for the time of `work`. */
export async function withClient(dsn, work) {
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

/**
 * A database, its owner role and an admin role. Passwords already on record stay as long as they work.
 * @param {{adminDsn: string, database: string, known: Record<string, string>, names: [string, string] | string[],
 *   searchPath?: string | null}} wanted names: of the two secrets, owner first
 * @returns {Promise<Record<string, string>>} the two DSNs; they are secrets
 */
export async function prepareDatabase({ adminDsn, database, known, names, searchPath = null }) {
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
    for (const role of searchPath ? [app, admin] : [])
      await client.query(
        `ALTER ROLE ${quoteIdent(role)} IN DATABASE ${quoteIdent(database)} SET search_path = ${searchPath}, public`,
      );
  });
  return dsns;
}
