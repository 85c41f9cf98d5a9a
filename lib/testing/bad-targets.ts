import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { onCluster } from './databases';
import type { RefusedCase } from './refused-preflight';

const changed = (dsn: URL, change: (url: URL) => void): string => {
  const url = new URL(dsn);
  change(url);
  return url.href;
};

const target = /^dsn-SX_POSTGRES_DSN$/;
/** Targets and tools that preflight must refuse. */
export const badTargets: RefusedCase[] = [
  {
    name: 'a DSN that is none',
    given: () => ({ dsn: 'host=here password=s3cret-4711' }),
    key: target,
    code: 'dsn_invalid',
    where: () => 'SX_POSTGRES_DSN',
  },
  {
    name: 'a wrong password',
    given: ({ dsn }) => ({ dsn: changed(dsn, (url) => (url.password = 's3cret-4711')) }),
    key: target,
    code: 'target_password_wrong',
    where: ({ dsn }) => dsn.host,
  },
  {
    name: 'a database that is not there',
    given: ({ dsn }) => ({ dsn: changed(dsn, (url) => (url.pathname = '/no_such_database')) }),
    key: target,
    code: 'target_database_missing',
    where: () => 'no_such_database',
  },
  {
    name: 'a server that does not answer',
    given: ({ dsn, freePort }) => ({ dsn: changed(dsn, (url) => (url.port = String(freePort))) }),
    key: target,
    code: 'target_unreachable',
    where: ({ freePort }) => String(freePort),
  },
  {
    name: 'a host that has no address',
    given: ({ dsn }) => ({ dsn: changed(dsn, (url) => (url.hostname = 'no-such-host.invalid')) }),
    key: target,
    code: 'target_unreachable',
    where: () => 'no-such-host.invalid',
  },
  {
    name: 'a role that may not make a schema',
    given: async ({ dsn, demo }) => {
      const role = `${demo.database}_poor`;
      await onCluster(
        [
          `create role "${role}" login password 's3cret-4711'`,
          `grant connect on database "${demo.database}" to "${role}"`,
          `revoke create on database "${demo.database}" from public`,
        ],
        demo.adminDsn,
      );
      onTestFinished(() => onCluster([`drop owned by "${role}"`, `drop role "${role}"`], demo.adminDsn));
      return { dsn: changed(dsn, (url) => Object.assign(url, { username: role, password: 's3cret-4711' })) };
    },
    key: target,
    code: 'target_privilege_missing',
    where: ({ demo }) => `${demo.database}_poor`,
  },
  {
    name: 'a pg_dump older than the server',
    given: ({ folder }) => {
      const binDir = join(folder, 'old');
      mkdirSync(binDir);
      for (const tool of ['pg_dump', 'pg_restore']) {
        writeFileSync(join(binDir, tool), `#!/bin/sh\necho "${tool} (PostgreSQL) 9.6.24"\n`);
        chmodSync(join(binDir, tool), 0o755);
      }
      return { binDir };
    },
    key: 'tools',
    code: 'tool_too_old',
    where: ({ folder }) => `pg_dump 9.6.24 in ${join(folder, 'old')}`,
  },
  {
    name: 'no client tools at all',
    given: ({ folder }) => ({ binDir: folder }),
    key: 'tools',
    code: 'tool_missing',
    where: ({ folder }) => folder,
  },
];
