import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { withClient } from './postgres.mjs';

const NAME = 'prepare demo';
const { escapeIdentifier: quoteIdent, escapeLiteral } = pg;

const canConnect = (dsn) =>
  withClient(dsn, (client) => client.query('SELECT 1'), NAME).then(
    () => true,
    () => false,
  );

const passwordIn = (dsn) => decodeURIComponent(new URL(dsn).password);

/** A password on record stays only while its DSN still names this server, user and database. */
function dsnOnRecord(known, adminDsn, user, database) {
  const url = new URL(adminDsn);
  const password = known ? passwordIn(known) : randomBytes(18).toString('base64url');
  Object.assign(url, { username: user, password, pathname: `/${database}` });
  return url.href;
}

async function ensureRole(client, role, dsn, options) {
  const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = known.rows.length > 0 ? 'ALTER' : 'CREATE';
  await client.query(`${verb} ROLE ${quoteIdent(role)} LOGIN ${options} PASSWORD ${escapeLiteral(passwordIn(dsn))}`);
}

async function makeDatabase(client, { database, app, admin, dsns: [appDsn, adminDsn], searchPath }) {
  await ensureRole(client, app, appDsn, 'NOSUPERUSER NOCREATEROLE');
  await ensureRole(client, admin, adminDsn, 'NOSUPERUSER NOCREATEROLE CREATEDB');
  await client.query(`GRANT ${quoteIdent(app)} TO ${quoteIdent(admin)}`);
  const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  const name = quoteIdent(database);
  if (found.rows.length === 0)
    await client.query(`CREATE DATABASE ${name} OWNER ${quoteIdent(app)} ENCODING 'UTF8' TEMPLATE template0`);
  await client.query(`REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC`);
  await client.query(`GRANT CONNECT ON DATABASE ${name} TO ${quoteIdent(admin)}`);
  for (const role of searchPath ? [app, admin] : []) {
    const path = `${quoteIdent(searchPath)}, public`;
    await client.query(`ALTER ROLE ${quoteIdent(role)} IN DATABASE ${name} SET search_path = ${path}`);
  }
}

/**
 * A database owned by `<database>_app`, and `<database>_admin` that may act for it. Safe to repeat and to interrupt: passwords on
 * record stay as long as they work.
 * @param {{adminDsn: string, database: string, known?: Record<string, string>, names: [string, string] | string[],
 *   searchPath?: string | null}} options adminDsn: a superuser of the target server; known: the secrets on record; names: of the
 *   two secrets, owner's first; searchPath: a schema that both roles look in before public
 * @returns {Promise<Record<string, string>>} the two DSNs by secret name; they are secrets
 */
export async function prepareDatabase({ adminDsn, database, known = {}, names, searchPath = null }) {
  const [app, admin] = [`${database}_app`, `${database}_admin`];
  const dsns = [
    dsnOnRecord(known[names[0]], adminDsn, app, database),
    dsnOnRecord(known[names[1]], adminDsn, admin, database),
  ];
  const isKnown = names.every((name, i) => known[name] === dsns[i]);
  if (!isKnown || !(await canConnect(dsns[0])) || !(await canConnect(dsns[1])))
    await withClient(adminDsn, (client) => makeDatabase(client, { database, app, admin, dsns, searchPath }), NAME);
  return Object.fromEntries(names.map((name, i) => [name, dsns[i]]));
}
