import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadFleet } from '@/lib/fleet/load';
import { clusterDsn, onCluster, tempDir } from '@/lib/testing/databases';
import { prepareDemo } from './prepare-demo.mjs';
import { readSecrets } from './prepare-files.mjs';
import { digestFile } from './sx_db/generate.mjs';

function demo(only: string[] | null) {
  const home = tempDir('demo');
  const database = `t_demo_${randomBytes(5).toString('hex')}`;
  onTestFinished(() =>
    onCluster([
      `drop database if exists "${database}" with (force)`,
      `drop role if exists "${database}_admin"`,
      `drop role if exists "${database}_app"`,
    ]),
  );
  return {
    home,
    database,
    prepare: (extra = {}) => prepareDemo({ home, adminDsn: clusterDsn(), small: true, only, database, ...extra }),
  };
}

describe('prepare demo', () => {
  it('makes a fleet file that loads, with neighbours by service and by file', async () => {
    const { prepare } = demo(null);
    const { fleetFile } = await prepare();
    const fleet = loadFleet(fleetFile);
    const shares = (id: string) => fleet.find('sx', id).neighbours.map((n) => [n.profile.source_id, n.shares]);
    expect(fleet.systems[0]?.profiles.map((p) => p.source_id)).toEqual([
      'assets_1',
      'assets_2',
      'assets_3',
      'assets-1',
      'team_4',
      'team_5',
      'library_6',
      'library_7',
      'lab_9',
    ]);
    expect(shares('team_4')).toEqual([['team_5', ['service', 'source_file']]]);
    expect(shares('library_6')).toEqual([['library_7', ['source_file']]]);
    expect(fleet.find('sx', 'assets-1').profile.target.schema).toBe(fleet.find('sx', 'assets_1').profile.target.schema);
    expect(fleet.find('sx', 'lab_9').profile.max_rows_per_second).toBe(500);
  });

  it('changes nothing when repeated: data, ports, passwords and switched modes stay', async () => {
    const { home, prepare } = demo(['assets_2']);
    const first = await prepare();
    const data = join(home, 'fleet/data/assets_2.db');
    const envFile = join(home, 'fleet/env/sx-assets_2.env');
    writeFileSync(envFile, readFileSync(envFile, 'utf8').replace('MODE=SQLITE', 'MODE=POSTGRES_PRIMARY'));
    const kept = () =>
      [first.fleetFile, first.secretsFile, envFile, join(home, 'fleet/ports.json')]
        .map((f) => readFileSync(f, 'utf8'))
        .concat(digestFile(data));
    const before = kept();
    const second = await prepare();
    expect(second.ports).toEqual(first.ports);
    expect(kept()).toEqual(before);
    expect(statSync(first.secretsFile).mode & 0o777).toBe(0o600);
  });

  it('gives the service a role that owns the database and is no superuser, and keeps secrets out of the fleet file', async () => {
    const { database, prepare } = demo(['assets_2']);
    const { fleetFile, secretsFile } = await prepare();
    const secrets = readSecrets(secretsFile) as Record<string, string>;
    const client = new pg.Client({ connectionString: secrets.SX_POSTGRES_DSN });
    await client.connect();
    const who =
      await client.query(`SELECT rolsuper, rolcreaterole, (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()) AS owner,
      to_regclass('public.sources')::text AS sources, to_regclass('public.sx_source_registry')::text AS registry FROM pg_roles WHERE rolname = current_user`);
    await client.end();
    expect(who.rows[0]).toEqual({
      rolsuper: false,
      rolcreaterole: false,
      owner: `${database}_app`,
      sources: 'sources',
      registry: 'sx_source_registry',
    });
    const text = readFileSync(fleetFile, 'utf8');
    for (const value of Object.values(secrets)) expect(text).not.toContain(value);
  });

  it('finishes after an interruption: a database without its passwords on record works again', async () => {
    const { prepare } = demo(['assets_2']);
    const { secretsFile } = await prepare();
    writeFileSync(secretsFile, 'OTHER=kept\n');
    await prepare();
    const secrets = readSecrets(secretsFile) as Record<string, string>;
    expect(secrets.OTHER).toBe('kept');
    const client = new pg.Client({ connectionString: secrets.SX_POSTGRES_DSN });
    await client.connect();
    await client.end();
  });

  it('refuses an unknown profile by name', async () => {
    await expect(demo(['nobody']).prepare()).rejects.toThrow('--only names unknown profiles: nobody');
  });
});
