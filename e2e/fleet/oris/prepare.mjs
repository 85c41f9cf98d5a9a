import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { prepareDatabase } from '../parts/prepare-database.mjs';
import { prepareServices } from '../parts/prepare-services.mjs';
import { newToken } from '../prepare-files.mjs';
import { fillSchema, generateFile } from './generate.mjs';

/** Runtimes of the demo: two live on PostgreSQL (one of a size that matters), one still on SQLite with what a move loses. */
export const runtimes = ({ small = false } = {}) => [
  { id: 'main', title: 'Main runtime', backend: 'postgres', schema: 'oris_runtime', attempts: small ? 2_000 : 60_000 },
  { id: 'lab', title: 'Lab runtime', backend: 'postgres', schema: 'oris_lab', attempts: 120 },
  {
    id: 'edge',
    title: 'Edge runtime, single node',
    backend: 'sqlite',
    schema: 'oris_edge',
    attempts: 400,
    dirty: true,
  },
];

function envText(runtime, file) {
  return [
    `# Environment of oris-${runtime.id}. The console changes ORIS_RUNTIME_BACKEND at a switch and leaves the rest.`,
    `ORIS_RUNTIME_BACKEND=${runtime.backend}`,
    `ORIS_SQLITE_DB="${file}"`,
    `ORIS_POSTGRES_SCHEMA=${runtime.schema}`,
    'ORIS_POSTGRES_REQUIRE_SCHEMA=true',
    '',
  ].join('\n');
}

export const profileIds = runtimes().map(({ id }) => id);

/**
 * Data, env files and the database of all runtimes. Safe to repeat and to interrupt: what is there is never touched.
 * @param {{home: string, adminDsn: string, known?: Record<string, string>, small?: boolean, only?: string[] | null, database?: string,
 *   report?: (text: string) => void}} options adminDsn: a superuser of the target server
 * @returns {Promise<{secrets: Record<string, string>, profiles: Record<string, any>[]}>} see ../prepare-demo.mjs
 */
export async function prepare({
  home,
  adminDsn,
  known = {},
  small = false,
  only = null,
  database = 'oris',
  report = () => {},
}) {
  const names = ['ORIS_POSTGRES_DSN', 'ORIS_POSTGRES_ADMIN_DSN'];
  const dsns = await prepareDatabase({ adminDsn, database, known, names });
  const secrets = {
    ...dsns,
    ORIS_ADMIN_TOKEN: known.ORIS_ADMIN_TOKEN ?? newToken(),
    ORIS_API_AUTH_BEARER_TOKEN: known.ORIS_API_AUTH_BEARER_TOKEN ?? newToken(),
  };
  const chosen = runtimes({ small }).filter(({ id }) => !only || only.includes(id));
  const services = chosen.map((runtime) => {
    const file = join(resolve(home), 'fleet/data/oris', `${runtime.id}.db`);
    const spec = { seed: `oris-demo/${runtime.id}`, attempts: runtime.attempts };
    return {
      name: `oris-${runtime.id}`,
      async make() {
        if (runtime.backend === 'postgres') {
          const isMade = await fillSchema({ dsn: dsns.ORIS_POSTGRES_DSN, schema: runtime.schema, ...spec });
          return isMade ? `oris schema ${runtime.schema} made` : null;
        }
        if (existsSync(file)) return null;
        generateFile({ path: file, dirty: runtime.dirty, ...spec });
        return `oris/${runtime.id}.db made`;
      },
      envText: () => envText(runtime, file),
    };
  });
  await prepareServices({ home, folders: ['data/oris'], services, report });
  const namesOf = ({ id, title, schema, backend }) => ({
    ...{ id, service: `oris-${id}`, runtime: id, title, schema },
    // The fragment's second profile has a file to be moved; on PostgreSQL the live schema itself is the source.
    like: backend === 'postgres' ? 0 : 1,
  });
  return { secrets, profiles: chosen.map(namesOf) };
}
