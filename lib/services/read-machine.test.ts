import { expect, it } from 'vitest';
import { systemEntry } from '@/lib/fleet/schema';
import { tempDir } from '@/lib/testing/databases';
import { readMachine } from './read-machine';

const system = systemEntry.parse({
  name: 'sx',
  title: 'sx',
  services: [
    {
      name: 'api',
      instances: ['http://127.0.0.1:9'],
      env_file: '/x/api.env',
      env_allow: ['MODE'],
      log_file: '/x/api.log',
      mode_variable: 'MODE',
      restart: { kind: 'managed', argv: ['true'], cwd: '/x', env_secrets: ['API_TOKEN'] },
      observe: { path: '/health', mode: 'mode', modes: { a: 'A' } },
    },
  ],
  profiles: [
    {
      source_id: 'a',
      service: 'api',
      source: { kind: 'sqlite-file', path: '/x/a.db' },
      target: { dsn_env: 'PG_DSN', schema: 'sx_a' },
      runbook: 'r',
    },
  ],
});

it('names secrets and tools that are missing, and holds no value', async () => {
  const home = tempDir('machine');
  const reading = await readMachine({
    home,
    systems: [system],
    isSet: (name) => name === 'PG_DSN',
    binDir: process.env.PG_BIN_DIR,
  });
  expect(reading.secrets).toEqual([
    { name: 'API_TOKEN', set: false },
    { name: 'PG_DSN', set: true },
  ]);
  expect(reading.tools?.map(({ name, problem }) => [name, problem])).toEqual([
    ['pg_dump', null],
    ['pg_restore', null],
    ['psql', null],
  ]);
  expect(reading.tools?.[0]?.version).toMatch(/^pg_dump \(PostgreSQL\) \d+/);
  expect(BigInt(reading.freeBytes ?? '0') > 0n).toBe(true);
  const bare = await readMachine({ home, systems: [], isSet: () => false, binDir: home });
  expect(bare.tools?.every(({ problem }) => problem === 'not found')).toBe(true);
});
