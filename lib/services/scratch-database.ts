import { quoteIdent, withTarget } from '@/lib/dataplane';
import { parseDsn } from '@/lib/dataplane/connect-target';

const withDatabase = (dsn: string, name: string): string => {
  const url = new URL(dsn);
  url.pathname = `/${encodeURIComponent(name)}`;
  return url.href;
};

/**
 * An empty database on the target server, owned by the user of `dsn`; one of that name that was left behind is dropped first.
 * @param adminDsn a role that may create databases for that user
 * @throws CutoverError target_privilege_missing
 */
export async function makeScratchDatabase(name: string, adminDsn: string, dsn: string): Promise<string> {
  await dropScratchDatabase(name, adminDsn);
  await withTarget(adminDsn, (client) =>
    client.query(
      `create database ${quoteIdent(name)} owner ${quoteIdent(parseDsn(dsn).user)} template template0 encoding 'UTF8'`,
    ),
  );
  return withDatabase(dsn, name);
}

/** Drops it with whoever is connected to it. Safe to repeat. */
export const dropScratchDatabase = (name: string, adminDsn: string): Promise<unknown> =>
  withTarget(adminDsn, (client) => client.query(`drop database if exists ${quoteIdent(name)} with (force)`));

export const hasDatabase = (name: string, adminDsn: string): Promise<boolean> =>
  withTarget(
    adminDsn,
    async (client) => (await client.query('select from pg_database where datname = $1', [name])).rows.length > 0,
    { readOnly: true },
  );
