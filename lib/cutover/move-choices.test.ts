import { expect, it } from 'vitest';
import type { LoadedFleet } from '@/lib/fleet/load';
import { profileEntry } from '@/lib/fleet/schema';
import { ownerOf } from './move-choices';

const studio = profileEntry.parse({
  source_id: 'studio',
  source: {
    kind: 'sqlite-files',
    path: '/data/studio',
    files: { repository: { file: 'repository.sqlite' } },
    excluded: { vault: { file: 'vault.sqlite', why: 'credentials stay encrypted with the key of this host' } },
    companions: { 'audit-log': '/data/audit/studio.ndjson' },
  },
  target: { dsn_env: 'ORCHEO_POSTGRES_DSN', schema: 'studio' },
  runbook: 'orcheo-postgres-migration',
});
const shared = (source_id: string) =>
  profileEntry.parse({
    source_id,
    source: { kind: 'sqlite-file', path: '/data/team.db', companions: { key: '/data/team.key' } },
    target: { dsn_env: 'ORCHEO_POSTGRES_DSN', schema: source_id },
    runbook: 'sqlite-to-postgres',
  });
const fleet = {
  systems: [
    { name: 'orcheo', profiles: [studio] },
    { name: 'sx', profiles: [shared('team'), shared('team_5')] },
  ],
} as unknown as LoadedFleet;

it.each([
  ['/data/studio/repository.sqlite', 'Source of orcheo/studio'],
  [
    '/data/studio/vault.sqlite',
    'Belongs to orcheo/studio, which keeps it on purpose: credentials stay encrypted with the key of this host',
  ],
  // A folder of JSON that holds it is offered as one store.
  ['/data/audit', 'Belongs to orcheo/studio as its audit-log, which stays a file'],
  ['/data/team.db', 'Source of sx/team and sx/team_5'],
  ['/data/team.key', 'Belongs to sx/team and sx/team_5 as their key, which stays a file'],
  ['/data/own.sqlite', null],
])('says whose %s is, also where a profile keeps it beside what it moves', (file, words) =>
  expect(ownerOf(fleet, file)?.words ?? null).toBe(words),
);
