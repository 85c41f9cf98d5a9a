import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import pg from 'pg';
import { prepareDemo } from '@/e2e/fleet/prepare-demo.mjs';
import { loadFleet } from '@/lib/fleet/load';
import { headersOfProfile } from '@/lib/fleet/secret-names';
import { startManaged, stopManaged } from '@/lib/services/managed-process';
import { waitReady } from '@/lib/services/restart';
import { clusterDsn, tempDir } from '@/lib/testing/databases';
import { readSecretsFile } from './walk-context';

export type DemoFleet = {
  home: string;
  fleetFile: string;
  secretsFile: string;
  database: string;
  secret(name: string): string;
  /** DSN of a superuser on sx's target database. */
  adminDsn: string;
  envText(service: string): string;
  close(): Promise<void>;
};

/** The small demo fleet in a folder and databases of its own, with the named profiles' services running.
 *  @param only ids of profiles, or `system/id`
 *  @param systems of the demo (e2e/fleet/systems.mjs) */
export async function openDemoFleet(only: string[], systems: string[] = ['sx']): Promise<DemoFleet> {
  const home = tempDir('walk');
  const database = `t_walk_${randomBytes(5).toString('hex')}`;
  process.env.CUTOVER_HOME = home;
  const wanted = { home, adminDsn: clusterDsn(), small: true, systems, only, database };
  const { fleetFile, secretsFile } = await prepareDemo(wanted);
  const secrets = readSecretsFile(secretsFile);
  const secret = (name: string): string => secrets[name] ?? '';
  const loaded = loadFleet(fleetFile).systems;
  const services = loaded.flatMap((system) => system.services);
  await Promise.all(services.map((service) => startManaged(service, secret)));
  await Promise.all(
    loaded.flatMap((system) =>
      system.services.map((service) => {
        const profile = system.profiles.find((one) => one.service === service.name);
        return waitReady(service, { headers: profile ? headersOfProfile(profile, secret) : {} });
      }),
    ),
  );
  const admin = new URL(clusterDsn());
  admin.pathname = `/${database}`;
  return {
    home,
    fleetFile,
    secretsFile,
    database,
    secret,
    adminDsn: admin.href,
    envText: (name) => readFileSync(services.find((service) => service.name === name)?.env_file ?? '', 'utf8'),
    async close() {
      await Promise.all(services.map((service) => stopManaged(service)));
      rmSync(home, { recursive: true, force: true });
      await dropDatabases(database);
    },
  };
}

/** A system has a database, or one a profile, and each has two roles; all their names begin alike. */
export async function dropDatabases(prefix: string): Promise<void> {
  const client = new pg.Client({ connectionString: clusterDsn() });
  await client.connect();
  try {
    const { rows } = await client.query<{ drop: string }>(
      `select format('drop database if exists %I with (force)', datname) as drop from pg_database where starts_with(datname, $1)
       union all select format('drop role if exists %I', rolname) from pg_roles where starts_with(rolname, $1)`,
      [prefix],
    );
    for (const { drop } of rows) await client.query(drop);
  } finally {
    await client.end();
  }
}
