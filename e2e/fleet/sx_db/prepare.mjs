import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepareDatabase } from '../parts/prepare-database.mjs';
import { withClient } from '../parts/postgres.mjs';
import { prepareServices } from '../parts/prepare-services.mjs';
import { newToken } from '../prepare-files.mjs';
import { deriveSchema, globalStatements } from './ddl.mjs';
import { generateFile } from './generate.mjs';
import { demoGroups, servedProfiles } from './profiles.mjs';

export const profileIds = demoGroups().flatMap((group) => servedProfiles(group).map(({ id }) => id));

/** Data files that are not there yet; an existing one may hold users' writes and is never touched. */
function makeDataFile(folder, group) {
  const path = join(folder, `${group.file}.db`);
  if (existsSync(path)) return null;
  const startedAt = performance.now();
  generateFile({
    path,
    seed: 'sx-demo',
    sources: group.profiles.map(({ id, title, videos, dirty }) => ({ id, label: title, videos, dirty })),
  });
  return `${group.file}.db made in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}

function envText(group, dataFolder) {
  const first = (group.serves ?? group.profiles.map((p) => p.id))[0];
  return [
    `# Environment of ${group.service}. The console changes SX_DB_BACKEND_MODE at a switch and leaves the rest.`,
    'SX_DB_BACKEND_MODE=SQLITE',
    `SX_DB_PATH="${join(dataFolder, `${group.file}.db`)}"`,
    'SX_DB_ENABLE_FTS=true',
    'SX_POSTGRES_SCHEMA_PREFIX=sx',
    'SX_POSTGRES_REGISTRY_TABLE=sx_source_registry',
    'SX_API_REQUIRE_EXPLICIT_SOURCE=true',
    'SX_API_ENFORCE_PROFILE_SOURCE_MATCH=true',
    `SX_DEFAULT_SOURCE_ID=${first}`,
    `SX_PROFILE_INDEX=${/\d+$/.exec(first)?.[0] ?? ''}`,
    '',
  ].join('\n');
}

const entryOf = (group, { id, title, maxRowsPerSecond }) => ({
  id,
  service: group.service,
  file: group.file,
  source_id: id,
  title,
  schema: deriveSchema('sx', id),
  ...(maxRowsPerSecond ? { more: { max_rows_per_second: maxRowsPerSecond } } : {}),
});

/** @returns {Promise<{secrets: Record<string, string>, profiles: Record<string, any>[]}>} see ../prepare-demo.mjs */
export async function prepare({ home, adminDsn, known = {}, small = false, only = null, database = 'sx', report }) {
  const groups = demoGroups({ small }).filter((g) => !only || servedProfiles(g).some(({ id }) => only.includes(id)));
  const names = ['SX_POSTGRES_DSN', 'SX_POSTGRES_ADMIN_DSN'];
  const dsns = await prepareDatabase({ adminDsn, database, known, names });
  const makeShared = async (client) => {
    for (const sql of globalStatements('sx_source_registry')) await client.query(sql);
  };
  await withClient(dsns.SX_POSTGRES_DSN, makeShared, 'prepare demo');
  const data = join(home, 'fleet/data');
  const services = groups.map((group) => ({
    name: group.service,
    make: () => makeDataFile(data, group),
    envText: () => envText(group, data),
  }));
  await prepareServices({ home, folders: ['data'], services, report });
  return {
    secrets: { ...dsns, SX_ADMIN_TOKEN: known.SX_ADMIN_TOKEN ?? newToken() },
    profiles: groups.flatMap((group) => servedProfiles(group).map((profile) => entryOf(group, profile))),
  };
}
