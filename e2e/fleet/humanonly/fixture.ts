import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { renderDdl } from '@/lib/steps/parts/contract';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { generateTenant } from './generate.mjs';
import { startService } from './service.mjs';
import { signIn } from './sign-in.mjs';

export type Env = Record<string, string>;

/** A generated tenant of 60 posts in a folder of its own. */
export function makeTenant(options: { dirty?: boolean; posts?: number } = {}): { folder: string; env: Env } {
  const folder = join(tempDir('humanonly'), 'tenant');
  generateTenant({ folder, seed: 'test', posts: options.posts ?? 60, dirty: options.dirty ?? false });
  return {
    folder,
    env: {
      NEXTAUTH_SECRET: 'a secret of the test',
      HUMANONLY_DB_FILE: join(folder, 'store.db'),
      HUMANONLY_AUDIT_LOG_FILE: join(folder, 'audit-log.jsonl'),
      HUMANONLY_ADMIN_HANDLES: 'chief_admin',
      HUMANONLY_LOG_FILE: join(folder, 'access.log'),
      PORT: '0',
    },
  };
}

/** A database with the tables of the contract, found by the role's search path. */
export async function makeTarget(): Promise<{
  dsn: string;
  env: Env;
  query: (sql: string) => Promise<pg.QueryResult>;
}> {
  const database = await testDatabase('humanonly');
  const admin = new pg.Client({ connectionString: database.adminDsn });
  await admin.connect();
  await admin.query(`ALTER ROLE "${database.name}" SET search_path = humanonly, public`);
  await admin.end();
  const client = new pg.Client({ connectionString: database.dsn });
  await client.connect();
  onTestFinished(() => client.end());
  const contract = readFileSync('lib/runbooks/contracts/humanonly.sql', 'utf8');
  for (const statement of renderDdl(contract, 'humanonly')) await client.query(statement);
  return {
    dsn: database.dsn,
    env: { HUMANONLY_POSTGRES_URL: database.dsn, HUMANONLY_POSTGRES_SSL_MODE: 'disable' },
    query: (sql) => client.query(sql),
  };
}

type Answer = { status: number; json: Record<string, unknown> & { data: Record<string, unknown> } };

/** A running service whose clock the test moves: no test waits for the three seconds of a challenge. */
export async function startHumanonly(env: Env) {
  const clock = { ahead: 0 };
  const service = await startService(env, { now: () => Date.now() + clock.ahead });
  let stopped: Promise<void> | null = null;
  const stop = () => {
    stopped ??= service.stop();
    return stopped;
  };
  onTestFinished(stop);
  const url = `http://127.0.0.1:${service.port}`;
  const wait = async (ms: number) => {
    clock.ahead += ms;
  };
  const call = async (method: string, path: string, body?: unknown, headers: Env = {}): Promise<Answer> => {
    const answer = await fetch(url + path, {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: answer.status, json: (await answer.json()) as Answer['json'] };
  };
  return {
    url,
    call,
    clock,
    stop,
    signIn: async (handle: string): Promise<Env> => ({
      Cookie: await signIn({ url, handle, displayName: 'A person', wait }),
    }),
  };
}
