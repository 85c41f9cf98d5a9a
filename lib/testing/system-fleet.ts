import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { keepPorts, writeSecrets } from '@/e2e/fleet/prepare-files.mjs';
import { fillPattern } from '@/e2e/fleet/write-fleet.mjs';
import { loadFleet } from '@/lib/fleet/load';
import { headersOfProfile } from '@/lib/fleet/secret-names';
import { startManaged, stopManaged } from '@/lib/services/managed-process';
import { waitReady } from '@/lib/services/restart';
import { clusterDsn, onCluster, tempDir } from '@/lib/testing/databases';
import type { DemoFleet } from './demo-fleet';

type Prepared = { secrets: Record<string, string> };
type Names = Record<string, string>;

/** One system of the demo fleet in a folder and a database of its own, from its fragment alone, with its services running. */
export async function openSystemFleet(input: {
  fragment: string;
  /** Values of the fragment's names, one set a profile; `service` names its port. */
  profiles: (Names & { service: string })[];
  prepare(options: { home: string; adminDsn: string; small: boolean; database: string }): Promise<Prepared>;
}): Promise<DemoFleet> {
  const home = tempDir('walk');
  const database = `t_walk_${randomBytes(5).toString('hex')}`;
  process.env.CUTOVER_HOME = home;
  const { secrets } = await input.prepare({ home, adminDsn: clusterDsn(), small: true, database });
  const secretsFile = path.join(home, 'secrets.env');
  writeSecrets(secretsFile, secrets);
  const ports = (await keepPorts(
    path.join(home, 'fleet/ports.json'),
    input.profiles.map(({ service }) => service),
  )) as Record<string, number>;
  const pattern = parse(readFileSync(input.fragment, 'utf8'));
  const filled = input.profiles.map((names) =>
    fillPattern(pattern, { ...names, home, repo: process.cwd(), node: process.execPath, port: ports[names.service] }),
  );
  const system = {
    ...filled[0],
    services: filled.flatMap(({ services }) => services),
    profiles: filled.flatMap(({ profiles }) => profiles),
  };
  const fleetFile = path.join(home, 'fleet/fleet.yaml');
  writeFileSync(fleetFile, stringify({ environment: 'test', allowed_roots: [home], systems: [system] }));
  const secret = (name: string): string => secrets[name] ?? '';
  const [loaded] = loadFleet(fleetFile).systems;
  const services = loaded?.services ?? [];
  for (const service of services) await startManaged(service, secret);
  for (const service of services) {
    const profile = loaded?.profiles.find((one) => one.service === service.name);
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
