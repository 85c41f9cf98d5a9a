import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { quoteIdent } from './ddl.mjs';

const literal = (text) => `'${text.replaceAll("'", "''")}'`;

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

function dsnFor(adminDsn, user, password, database) {
  const url = new URL(adminDsn);
  url.username = user;
  url.password = password;
  url.pathname = `/${database}`;
  return url.href;
}

/** The password on record stays only while its DSN still names this server, user and database. */
function dsnOnRecord(known, adminDsn, user, database) {
  const password = known ? decodeURIComponent(new URL(known).password) : randomBytes(18).toString('base64url');
  return dsnFor(adminDsn, user, password, database);
}

const canConnect = (dsn) =>
  withClient(dsn, (client) => client.query('SELECT 1')).then(
    () => true,
    () => false,
  );

async function ensureRole(client, role, dsn, options) {
  const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = known.rows.length > 0 ? 'ALTER' : 'CREATE';
  const password = decodeURIComponent(new URL(dsn).password);
  await client.query(`${verb} ROLE ${quoteIdent(role)} LOGIN ${options} PASSWORD ${literal(password)}`);
}

/**
 * A database owned by `<database>_app`, and `<database>_admin` that may act for it. Safe to repeat and to interrupt.
 * @param {{adminDsn: string, database: string, known?: {dsn?: string, adminDsn?: string}}} options adminDsn: a superuser
 * @returns {Promise<{dsn: string, adminDsn: string}>} both are secrets
 */
export async function ensureTargetDatabase({ adminDsn, database, known = {} }) {
  const [app, admin] = [`${database}_app`, `${database}_admin`];
  const dsns = {
    dsn: dsnOnRecord(known.dsn, adminDsn, app, database),
    adminDsn: dsnOnRecord(known.adminDsn, adminDsn, admin, database),
  };
  const isKnown = dsns.dsn === known.dsn && dsns.adminDsn === known.adminDsn;
  if (isKnown && (await canConnect(dsns.dsn)) && (await canConnect(dsns.adminDsn))) return dsns;
  await withClient(adminDsn, async (client) => {
    await ensureRole(client, app, dsns.dsn, 'NOSUPERUSER NOCREATEROLE');
    await ensureRole(client, admin, dsns.adminDsn, 'NOSUPERUSER NOCREATEROLE CREATEDB');
    await client.query(`GRANT ${quoteIdent(app)} TO ${quoteIdent(admin)}`);
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (found.rows.length === 0)
      await client.query(
        `CREATE DATABASE ${quoteIdent(database)} OWNER ${quoteIdent(app)} ENCODING 'UTF8' TEMPLATE template0`,
      );
    await client.query(`REVOKE CONNECT ON DATABASE ${quoteIdent(database)} FROM PUBLIC`);
    await client.query(`GRANT CONNECT ON DATABASE ${quoteIdent(database)} TO ${quoteIdent(admin)}`);
  });
  return dsns;
}
