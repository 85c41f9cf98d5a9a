import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import type { Json } from '@/lib/shared/json';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { bootstrapSource } from './bootstrap-source.mjs';
import { readConfig } from './config.mjs';
import { generateFile } from './generate.mjs';
import { importSource } from './import-source.mjs';
import { startService } from './service.mjs';

export type Mode = 'SQLITE' | 'POSTGRES_PRIMARY';
type Row = Record<string, unknown>;

/** A generated file with the sources `assets_1` (120 videos) and `assets_2` (70), removed with the test. */
export function makeFile(options: { dirty?: boolean } = {}): string {
  const path = join(tempDir('sx'), 'sx.db');
  generateFile({
    path,
    seed: 'test',
    sources: [
      { id: 'assets_1', label: 'one', videos: 120, dirty: options.dirty ?? false },
      { id: 'assets_2', label: 'two', videos: 70 },
    ],
  });
  return path;
}

/** A running service of one mode with the same data, and a way to ask its database directly. */
export async function startSx(mode: Mode, env: Record<string, string> = {}) {
  const path = makeFile();
  const logFile = join(tempDir('sx-log'), 'access.log');
  const database = mode === 'POSTGRES_PRIMARY' ? await testDatabase('sx') : null;
  if (database) await loadPostgres(database.dsn, path, ['assets_1', 'assets_2']);
  const service = await startService({
    SX_DB_BACKEND_MODE: mode,
    SX_DB_PATH: path,
    PORT: '0',
    SX_LOG_FILE: logFile,
    ...(database ? { SX_POSTGRES_DSN: database.dsn } : {}),
    ...env,
  });
  onTestFinished(() => service.stop());
  return {
    path,
    dsn: database?.dsn ?? '',
    url: `http://127.0.0.1:${service.port}`,
    stop: service.stop,
    call: callerOf(`http://127.0.0.1:${service.port}`),
    logLines: (): Row[] =>
      readFileSync(logFile, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Row),
    /** One row of a table in the database itself; `?` marks as in SQLite. */
    row: async (table: string, where: string, params: unknown[]): Promise<Row | undefined> =>
      database ? rowInPostgres(database.dsn, table, where, params) : rowInSqlite(path, table, where, params),
  };
}

type Meta = { rating: number | null; tags: string[]; statuses: string[]; status: string | null };
type Item = { id: string; bookmarked: boolean; meta: Meta };
/** What the tests look into; everything else of an answer is compared whole. */
export type Answer = { [member: string]: Json } & {
  items: [Item, ...Item[]];
  results: Item[];
  overlap_ids: string[];
};

/** Calls in the name of `assets_1`, unless other headers are given. */
export const callerOf =
  (url: string) =>
  async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { 'X-SX-Source-ID': 'assets_1' },
  ) => {
    const answer = await fetch(url + path, {
      method,
      // A connection kept open may be closed by the service in the moment it is used again.
      headers: { connection: 'close', ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: answer.status, headers: answer.headers, json: (await answer.json()) as Answer };
  };

export async function loadPostgres(dsn: string, path: string, sourceIds: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  const db = new Database(path, { readonly: true });
  try {
    for (const sourceId of sourceIds) {
      const { schema } = await bootstrapSource(client, readConfig({}), sourceId);
      await importSource({ db, client, sourceId, schema, report: () => {} });
    }
  } finally {
    db.close();
    await client.end();
  }
}

export function rowInSqlite(path: string, table: string, where: string, params: unknown[]): Row | undefined {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare(`SELECT * FROM ${table} WHERE source_id = 'assets_1' AND ${where}`).get(...params) as
      | Row
      | undefined;
  } finally {
    db.close();
  }
}

export async function rowInPostgres(
  dsn: string,
  table: string,
  where: string,
  params: unknown[],
): Promise<Row | undefined> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    let n = 0;
    const numbered = where.replace(/\?/g, () => `$${++n}`);
    return (
      await client.query(`SELECT * FROM sx_assets_1.${table} WHERE source_id = 'assets_1' AND ${numbered}`, params)
    ).rows[0] as Row | undefined;
  } finally {
    await client.end();
  }
}
