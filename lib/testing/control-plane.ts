import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getDb, getPool, type Db } from '@/db/client';
import { migrateControlPlane } from '@/db/migrate';
import { createPerson } from '@/lib/auth/create-person';
import type { SessionContext } from '@/lib/auth/actor';
import type { Role } from '@/lib/shared/statuses';
import { createDatabase, tempDir } from './databases';

export const password = 'correct horse battery';
export type TestPerson = { id: string; email: string; name: string; roles: Role[] };
export type TestControlPlane = {
  db: Db;
  url: string;
  addPerson(name: string, ...roles: Role[]): Promise<TestPerson>;
  /** What requireSession would give for this person, signed in just now. */
  ctxOf(person: TestPerson): SessionContext;
  close(): Promise<void>;
};

/** A migrated control plane of its own with a fleet file; the process' environment points to it. Call `close` after all tests. */
export async function openControlPlane(name: string): Promise<TestControlPlane> {
  const database = await createDatabase(name);
  await migrateControlPlane(database.dsn);
  Object.assign(process.env, {
    DATABASE_URL: database.dsn,
    CUTOVER_URL: 'http://localhost:4400',
    BETTER_AUTH_SECRET: 'a-secret-of-the-tests-with-40-characters',
    CUTOVER_FLEET: writeFleet(),
  });
  const db = getDb();
  return {
    db,
    url: database.dsn,
    async addPerson(personName, ...roles) {
      const email = `${personName.toLowerCase().replaceAll(/\s+/g, '.')}@example.org`;
      const { id } = await createPerson({ email, name: personName, password, roles });
      return { id, email, name: personName, roles };
    },
    ctxOf: ({ id, email, name: personName, roles }) => ({
      actor: { id, email, name: personName, roles },
      session: { id: 'none', createdAt: new Date() },
      db,
    }),
    async close() {
      await getPool().end();
      await database.drop();
    },
  };
}

/** Two profiles with a service each, and a third that shares the second's. */
function writeFleet(): string {
  const folder = tempDir('fleet');
  const service = (name: string) => ({
    name,
    instances: ['http://127.0.0.1:9'],
    env_file: join(folder, `${name}.env`),
    env_allow: ['SX_DB_BACKEND_MODE'],
    log_file: join(folder, `${name}.log`),
    restart: { kind: 'command', argv: ['true'], cwd: folder },
    observe: {
      path: '/health',
      mode: 'backend.backend',
      modes: { sqlite: 'SQLITE', postgres_primary: 'POSTGRES_PRIMARY' },
    },
    mode_variable: 'SX_DB_BACKEND_MODE',
  });
  const profile = (id: string, by: string) => ({
    source_id: id,
    service: by,
    source: { kind: 'sqlite-file', path: join(folder, `${id}.db`) },
    target: { dsn_env: 'SX_POSTGRES_DSN', schema: `sx_${id}` },
    runbook: 'sx-postgres-primary',
  });
  const file = join(folder, 'fleet.yaml');
  // JSON is YAML.
  writeFileSync(
    file,
    JSON.stringify({
      environment: 'test',
      allowed_roots: [folder],
      systems: [
        {
          name: 'sx',
          title: 'sx',
          services: [service('api-one'), service('api-two')],
          profiles: [profile('assets_1', 'api-one'), profile('assets_2', 'api-two'), profile('assets_3', 'api-two')],
        },
      ],
    }),
  );
  return file;
}
