import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { prepareDemo } from '@/e2e/fleet/prepare-demo.mjs';
import { loadFleet } from '@/lib/fleet/load';
import { headersOfProfile } from '@/lib/fleet/secret-names';
import { startManaged, stopManaged } from '@/lib/services/managed-process';
import { waitReady } from '@/lib/services/restart';
import { clusterDsn, onCluster, tempDir } from '@/lib/testing/databases';
import { readSecretsFile } from './walk-context';

export type DemoFleet = {
  home: string;
  fleetFile: string;
  secretsFile: string;
  database: string;
  secret(name: string): string;
  /** DSN of a superuser on the target database. */
  adminDsn: string;
  envText(service: string): string;
  close(): Promise<void>;
};

/** The small demo fleet in a folder and a database of its own, with the named profiles' services running. */
export async function openDemoFleet(only: string[]): Promise<DemoFleet> {
  const home = tempDir('walk');
  const database = `t_walk_${randomBytes(5).toString('hex')}`;
  process.env.CUTOVER_HOME = home;
  const { fleetFile, secretsFile } = await prepareDemo({ home, adminDsn: clusterDsn(), small: true, only, database });
  const secrets = readSecretsFile(secretsFile);
  const secret = (name: string): string => secrets[name] ?? '';
  const services = loadFleet(fleetFile).systems.flatMap((system) => system.services);
  for (const service of services) await startManaged(service, secret);
  for (const service of services) {
    const profile = loadFleet(fleetFile).systems[0]?.profiles.find((one) => one.service === service.name);
    await waitReady(service, { headers: profile ? headersOfProfile(profile, secret) : {} });
  }
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
      for (const service of services) await stopManaged(service);
      rmSync(home, { recursive: true, force: true });
      await onCluster([
        `drop database if exists "${database}" with (force)`,
        `drop role if exists "${database}_admin"`,
        `drop role if exists "${database}_app"`,
      ]);
    },
  };
}
