import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { quoteIdent } from '@/lib/sources/quote';
import { inTransaction, textRows, withTarget } from './connect-target';
import { ledgerNameOf, ledgerOf, ledgerPrefix, ledgerRoleOf, keepLedgerOf } from './ledger-schema';
import type { TargetPlace } from './types';

/** Any number; it serialises the creation of the ledger among sessions. */
const creationLock = 7_241_903;

/** What was loaded, by whom, and nothing else. */
export const ledgerStatements = (schema: string): string[] => [
  `create schema if not exists ${schema}`,
  `create table if not exists ${schema}.load (
  cutover_id text primary key, epoch bigint not null, source_id text not null, schema_name text not null,
  source_digest text not null, started_at timestamptz not null default clock_timestamp())`,
  `create table if not exists ${schema}.batch (
  cutover_id text not null references ${schema}.load on delete cascade, target text not null, batch_no bigint not null,
  first_key text, last_key text, rows bigint not null, bytes bigint not null, sha256 text not null, epoch bigint not null,
  committed_at timestamptz not null default clock_timestamp(), primary key (cutover_id, target, batch_no))`,
  `create table if not exists ${schema}.restore (
  aside text primary key, cutover_id text not null, schema_name text not null, snapshot_digest text not null,
  had_schema boolean not null, done boolean not null default false, started_at timestamptz not null default clock_timestamp())`,
];

/** The path of a table of the ledger; null while there is none. What stands there under another owner is never read: SQL of a
 *  design that was kept is executed. @throws CutoverError ledger_not_ours */
export async function ledgerTable(client: pg.Client, name: string): Promise<string | null> {
  const role = ledgerRoleOf(client);
  const rows = await textRows<{ owner: string; of_table: string | null }>(
    client,
    `select pg_get_userbyid(n.nspowner) as owner, pg_get_userbyid(c.relowner) as of_table
    from pg_namespace n left join pg_class c on c.relnamespace = n.oid and c.relname = $2 where n.nspname = $1`,
    [ledgerNameOf(role), name],
  );
  const [there] = rows;
  const stranger = [there?.owner, there?.of_table].find((owner) => owner != null && owner !== role);
  if (stranger !== undefined)
    throw new CutoverError({
      code: 'ledger_not_ours',
      message: `Schema ${ledgerNameOf(role)}, in which ${role} keeps what it loads, belongs to role ${stranger}: nothing in it is trusted.`,
      advice: `Find out why ${stranger} made it, and drop or rename that schema; then try again.`,
      facts: { schema: ledgerNameOf(role), owner: stranger ?? null, role },
    });
  return there?.of_table ? `${ledgerOf(client)}.${quoteIdent(name)}` : null;
}

/** Makes the role's own ledger, in which nobody else may read or write. @throws CutoverError ledger_not_ours */
export async function makeLedger(client: pg.Client): Promise<void> {
  if (await ledgerTable(client, 'restore')) return;
  await inTransaction(client, async () => {
    await client.query(`select pg_advisory_xact_lock(${creationLock})`);
    for (const statement of ledgerStatements(ledgerOf(client))) await client.query(statement);
    // Default privileges of the database may have given it away at once.
    await revokeAll(client, ledgerNameOf(ledgerRoleOf(client)));
    await closeShared(client);
    await ledgerTable(client, 'restore');
  });
}

/** Takes the schema from everybody but its owner: without it nothing in it can be named. */
async function revokeAll(client: pg.Client, schema: string): Promise<void> {
  const others = await textRows<{ role: string }>(
    client,
    `select distinct case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end as role
    from pg_namespace, aclexplode(nspacl) where nspname = $1 and grantee <> nspowner`,
    [schema],
  );
  if (others.length)
    await client.query(`revoke all on schema ${quoteIdent(schema)} from ${others.map(({ role }) => role).join(', ')}`);
}

/** Earlier versions had one ledger for all roles of a database, which each of them could write. It is read no more, and closed by its owner. */
async function closeShared(client: pg.Client): Promise<void> {
  const [ours] = await textRows(
    client,
    'select 1 as ours from pg_namespace where nspname = $1 and nspowner = (select oid from pg_roles where rolname = current_user)',
    [ledgerPrefix],
  );
  if (!ours) return;
  await revokeAll(client, ledgerPrefix);
  await client.query(`revoke all on all tables in schema ${ledgerPrefix} from public`);
}

/** Work on a session of the admin DSN, which keeps its records in the ledger of the profile's own role, as that role's own sessions do. */
export async function withAdmin<T>(
  place: Pick<TargetPlace, 'dsn'>,
  adminDsn: string | undefined,
  work: (client: pg.Client) => Promise<T>,
  options: { signal?: AbortSignal } = {},
): Promise<T> {
  if (adminDsn === undefined || adminDsn === place.dsn) return withTarget(place.dsn, work, options);
  return withTarget(
    adminDsn,
    async (admin) => {
      const own = await withTarget(place.dsn, (client) => letIn(client, ledgerRoleOf(admin)), options);
      keepLedgerOf(admin, own);
      return work(admin);
    },
    options,
  );
}

/** An admin that is no member of the profile's role may keep loads and restores, never a design, whose SQL is executed. @returns the role */
async function letIn(client: pg.Client, admin: string): Promise<string> {
  await makeLedger(client);
  const role = ledgerRoleOf(client);
  const [may] = await textRows<{ may: string }>(client, `select pg_has_role($1::name, $2::name, 'usage') as may`, [
    admin,
    role,
  ]);
  if (may?.may === 't') return role;
  const schema = ledgerOf(client);
  await client.query(`grant usage on schema ${schema} to ${quoteIdent(admin)};
    grant select, insert, update, delete on ${schema}.load, ${schema}.batch, ${schema}.restore to ${quoteIdent(admin)}`);
  return role;
}
