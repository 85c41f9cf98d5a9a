import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import type { Json } from '@/lib/shared/json';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { askPostgres } from '../parts/fixture';
import { generateTenant } from './generate.mjs';
import { startService } from './service.mjs';

export type Backend = 'sqlite' | 'postgres';
export type Row = Record<string, unknown>;
type Answer = { status: number; headers: Headers; json: { [member: string]: Json } };

/** A tiny tenant of six files, removed with the test. */
export function makeTenant(options: { dirty?: boolean } = {}): string {
  const folder = tempDir('orcheo');
  generateTenant({ folder, seed: 'test', size: 'tiny', dirty: options.dirty ?? false });
  return folder;
}

export const callerOf =
  (url: string) =>
  async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const answer = await fetch(url + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: answer.status, headers: answer.headers, json: (await answer.json()) as Answer['json'] };
  };

/** All switches on one side, and a database of its own when that side is PostgreSQL. */
export async function startOrcheo(backend: Backend, env: Record<string, string> = {}) {
  const folder = makeTenant();
  const logFile = join(tempDir('orcheo-log'), 'access.log');
  const database = await testDatabase('orcheo');
  const service = await startService({
    ORCHEO_HOME: folder,
    ORCHEO_HOST: '127.0.0.1',
    ORCHEO_PORT: '0',
    ORCHEO_LOG_FILE: logFile,
    ORCHEO_POSTGRES_DSN: database.dsn,
    ORCHEO_POSTGRES_POOL_MIN_SIZE: '0',
    ...Object.fromEntries(
      ['REPOSITORY', 'CHECKPOINT', 'CHATKIT', 'GRAPH_STORE'].map((name) => [`ORCHEO_${name}_BACKEND`, backend]),
    ),
    ...env,
  });
  onTestFinished(() => service.stop());
  return {
    folder,
    database,
    url: `http://127.0.0.1:${service.port}`,
    call: callerOf(`http://127.0.0.1:${service.port}`),
    logLines: (): Row[] =>
      readFileSync(logFile, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Row),
    /** Rows of the side that the service is on, asked directly. */
    rows: (file: string, sql: string): Promise<Row[]> =>
      backend === 'postgres' ? postgresRows(database.dsn, sql) : Promise.resolve(sqliteRows(folder, file, sql)),
  };
}

export function sqliteRows(folder: string, file: string, sql: string): Row[] {
  const db = new Database(join(folder, `${file}.sqlite`));
  try {
    const statement = db.prepare(sql);
    return statement.reader ? (statement.all() as Row[]) : [{ changes: statement.run().changes }];
  } finally {
    db.close();
  }
}

export const postgresRows = (dsn: string, sql: string): Promise<Row[]> => askPostgres<Row>(dsn, sql);
