import { onTestFinished } from 'vitest';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { join } from 'node:path';
import { fillSchema, generateFile } from './generate.mjs';
import { startService } from './service.mjs';

export type Env = Record<string, string>;

/** The environment of a runtime with 60 generated attempts, on a file or a schema of its own. */
export async function makeRuntime(backend: 'sqlite' | 'postgres', options: { dirty?: boolean } = {}) {
  const folder = tempDir('oris');
  const path = join(folder, 'oris.db');
  const database = await testDatabase('oris');
  const spec = { seed: 'test', attempts: 60 };
  if (backend === 'sqlite') generateFile({ path, dirty: options.dirty ?? false, ...spec });
  else await fillSchema({ dsn: database.dsn, schema: 'oris_runtime', ...spec });
  const env: Env = {
    ORIS_RUNTIME_BACKEND: backend,
    ORIS_SQLITE_DB: path,
    ORIS_POSTGRES_DSN: database.dsn,
    ORIS_POSTGRES_SCHEMA: 'oris_runtime',
    ORIS_SERVER_ADDR: '127.0.0.1:0',
    ORIS_LOG_FILE: join(folder, 'access.log'),
  };
  return { folder, path, dsn: database.dsn, env };
}

type Answer = { status: number; json: { data: Record<string, unknown>; error?: { code: string; message: string } } };

export async function startOris(env: Env) {
  const clock = { ahead: 0 };
  const service = await startService(env, { now: () => Date.now() + clock.ahead });
  onTestFinished(() => service.stop());
  const url = `http://127.0.0.1:${service.port}`;
  const call = async (method: string, path: string, body?: unknown, headers: Env = {}): Promise<Answer> => {
    const answer = await fetch(url + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: answer.status, json: (await answer.json()) as Answer['json'] };
  };
  return { url, clock, call };
}
