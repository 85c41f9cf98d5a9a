import { createHash } from 'node:crypto';
import type pg from 'pg';
import { quoteIdent } from '@/lib/sources/quote';

/** What every ledger's name begins with; also the name of the one that earlier versions shared among all roles. */
export const ledgerPrefix = 'cutover_console';
/** PostgreSQL cuts names behind 63 bytes. */
const mostRoleBytes = 63 - ledgerPrefix.length - 1;

/** The schema in which a role keeps what it loads: each has its own, so that no other role of the database can read or write there. */
export const ledgerNameOf = (role: string): string =>
  `${ledgerPrefix}_${/^[a-z0-9_]+$/.test(role) && role.length <= mostRoleBytes ? role : createHash('sha256').update(role).digest('hex').slice(0, 16)}`;

const roles = new WeakMap<pg.Client, string>();

/** Says in whose ledger a session of ours reads and writes: its own role's, or, of an admin, that of the profile's role. */
export const keepLedgerOf = (client: pg.Client, role: string): void => {
  roles.set(client, role);
};

/** The role whose ledger this session keeps. */
export function ledgerRoleOf(client: pg.Client): string {
  const role = roles.get(client);
  if (role === undefined) throw new TypeError('this session was not made by connectTarget');
  return role;
}

/** The ledger's schema as an identifier. */
export const ledgerOf = (client: pg.Client): string => quoteIdent(ledgerNameOf(ledgerRoleOf(client)));
