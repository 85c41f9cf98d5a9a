import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFleet } from '@/lib/fleet/load';
import { observeProfile } from '@/lib/services/observe';
import { clusterDsn, tempDir } from '@/lib/testing/databases';
import { type DemoFleet, dropDatabases, openDemoFleet } from '@/lib/testing/demo-fleet';
import { prepareDemo } from './prepare-demo.mjs';
import { readSecrets } from './prepare-files.mjs';
import { digestFile } from './sx_db/generate.mjs';
import { SYSTEMS } from './systems.mjs';

/** The smallest profile of each system. */
const small = ['sx/assets_2', 'fabio/filial', 'orcheo/support', 'oris/lab', 'humanonly/lounge'];
const all = SYSTEMS.map(({ name }) => name);

describe('the demo fleet of all systems', () => {
  let demo: DemoFleet;
  beforeAll(async () => {
    demo = await openDemoFleet(small, all);
  }, 60_000);
  afterAll(async () => {
    await demo?.close();
  });

  it('has every system healthy, and observed in the mode that it declares', async () => {
    const { systems } = loadFleet(demo.fleetFile);
    const readings = await Promise.all(
      systems.map(async ({ name, profiles, services }) => {
        const [profile] = profiles;
        const service = services.find((one) => one.name === profile?.service);
        if (!profile || !service) throw new Error(`${name} has no service`);
        const { declared, observed, healthy, cause } = await observeProfile(profile, service, demo.secret);
        return { name, sameMode: declared !== null && declared === observed, healthy, cause };
      }),
    );
    expect(readings).toEqual(all.map((name) => ({ name, sameMode: true, healthy: true, cause: null })));
  });

  it('has users who write to each of them without a failure', async () => {
    const users = execa(
      process.execPath,
      [join(import.meta.dirname, 'demo-users.mjs'), '--home', demo.home, '--rate', '20'],
      { reject: false },
    );
    const counters = () =>
      small.map((id) => {
        try {
          const file = join(demo.home, 'users', `${id.replace('/', '-')}.json`);
          return JSON.parse(readFileSync(file, 'utf8')) as { acknowledged: number; failed: number };
        } catch {
          return { acknowledged: 0, failed: 0 };
        }
      });
    try {
      await expect
        .poll(() => counters().filter(({ acknowledged }) => acknowledged > 2).length, { timeout: 20_000 })
        .toBe(small.length);
    } finally {
      users.kill('SIGTERM');
      await users;
    }
    expect(counters().map(({ failed }) => failed)).toEqual(small.map(() => 0));
  }, 30_000);
});

describe('preparing the demo fleet', () => {
  it('adds the other systems to a home that has sx alone, and goes on where it was killed', async () => {
    const home = tempDir('upgrade');
    const database = `t_demo_${randomBytes(5).toString('hex')}`;
    const options = { home, adminDsn: clusterDsn(), small: true, only: small, database };
    try {
      const older = await prepareDemo({ ...options, systems: ['sx'], only: ['assets_2'] });
      const secrets = readSecrets(older.secretsFile) as Record<string, string>;
      const data = digestFile(join(home, 'fleet/data/assets_2.db'));
      const argv = ['prepare-demo.mjs', '--home', home, '--small', '--only', small.join(), '--database', database];
      const killed = execa(process.execPath, argv, {
        cwd: import.meta.dirname,
        env: { TARGET_ADMIN_DSN: clusterDsn() },
        reject: false,
      });
      killed.stdout?.on('data', (text) => String(text).includes('made') && killed.kill('SIGKILL'));
      expect((await killed).signal).toBe('SIGKILL');
      const { fleetFile, ports } = await prepareDemo(options);
      expect(loadFleet(fleetFile).systems.map(({ name }) => name)).toEqual(all);
      expect(ports).toMatchObject(older.ports);
      expect(readSecrets(older.secretsFile)).toMatchObject(secrets);
      expect(digestFile(join(home, 'fleet/data/assets_2.db'))).toBe(data);
      const text = readFileSync(fleetFile, 'utf8');
      await prepareDemo(options);
      expect(readFileSync(fleetFile, 'utf8')).toBe(text);
    } finally {
      rmSync(home, { recursive: true, force: true });
      await dropDatabases(database);
    }
  }, 60_000);
});
