import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Json } from '@/lib/shared/json';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { askPostgres } from '../parts/fixture';
import { generateStore } from './generate.mjs';
import { startService } from './service.mjs';

export type Backend = 'file' | 'postgres';
export type Row = Record<string, unknown>;

/** A tiny store of files, removed with the test. */
export function makeStore(options: { dirty?: boolean } = {}): string {
  const folder = join(tempDir('fabio'), 'store');
  generateStore({ folder, seed: 'test', size: 'tiny', dirty: options.dirty ?? false });
  return folder;
}

export async function startFabio(backend: Backend, env: Record<string, string> = {}, folder = makeStore()) {
  const database = await testDatabase('fabio');
  const logFile = join(tempDir('fabio-log'), 'access.log');
  const service = await startService({
    ORCHESTRATION_STORE_BACKEND: backend,
    ORCHESTRATION_PG_DSN: database.dsn,
    FABIO_DATA_DIR: folder,
    FABIO_LOG_FILE: logFile,
    PORT: '0',
    ...env,
  });
  onTestFinished(() => service.stop());
  const url = `http://127.0.0.1:${service.port}`;
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(url + path, {
      method,
      headers,
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    return {
      status: answer.status,
      headers: answer.headers,
      json: (await answer.json()) as { [member: string]: Json },
    };
  };
  return {
    folder,
    database,
    url,
    call,
    say: async (text: string) => {
      const request = {
        request_id: randomUUID(),
        tenant_id: 't-1',
        session_id: randomUUID(),
        operation: 'send_message',
        channel: 'ui-chat',
        payload: { text },
      };
      const answer = await call('POST', '/v1/owner-concierge/interaction', { request });
      return (answer.json.response as { owner_command: { correlation_id: string } }).owner_command.correlation_id;
    },
    text: (file: string) => readFileSync(join(folder, file), 'utf8'),
    logLines: () =>
      readFileSync(logFile, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Row),
  };
}

export const postgresRows = (dsn: string, sql: string): Promise<Row[]> => askPostgres<Row>(dsn, sql);
