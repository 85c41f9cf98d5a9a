import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { globalStatements, quoteIdent } from './sx_db/ddl.mjs';

const literal = (text) => `'${text.replaceAll("'", "''")}'`;
const newPassword = () => randomBytes(18).toString('base64url');

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

const passwordIn = (dsn) => (dsn ? decodeURIComponent(new URL(dsn).password) : null);

async function ensureRole(client, role, password, options) {
  const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = known.rows.length > 0 ? 'ALTER' : 'CREATE';
  await client.query(`${verb} ROLE ${quoteIdent(role)} LOGIN ${options} PASSWORD ${literal(password)}`);
}

const canConnect = (dsn) =>
  withClient(dsn, (client) => client.query('SELECT 1')).then(
    () => true,
    () => false,
  );

/**
 * The target: a database owned by an application role, an admin role that may act for it, and the shared tables.
 * Passwords already on record stay as long as they work.
 * @returns the two DSNs; they are secrets.
 */
export async function prepareTarget({ adminDsn, database, known }) {
  const [app, admin] = [`${database}_app`, `${database}_admin`];
  const appPassword = passwordIn(known.SX_POSTGRES_DSN) || newPassword();
  const adminPassword = passwordIn(known.SX_POSTGRES_ADMIN_DSN) || newPassword();
  const dsns = {
    SX_POSTGRES_DSN: dsnFor(adminDsn, app, appPassword, database),
    SX_POSTGRES_ADMIN_DSN: dsnFor(adminDsn, admin, adminPassword, database),
  };
  const ready =
    dsns.SX_POSTGRES_DSN === known.SX_POSTGRES_DSN &&
    dsns.SX_POSTGRES_ADMIN_DSN === known.SX_POSTGRES_ADMIN_DSN &&
    (await canConnect(dsns.SX_POSTGRES_ADMIN_DSN)) &&
    (await canConnect(dsns.SX_POSTGRES_DSN));
  if (!ready) {
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
    });
  }
  await withClient(dsns.SX_POSTGRES_DSN, async (client) => {
    for (const sql of globalStatements('sx_source_registry')) await client.query(sql);
  });
  return dsns;
}
