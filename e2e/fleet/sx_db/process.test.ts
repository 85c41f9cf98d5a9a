import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { spawnService } from '../parts/fixture';
import { callerOf, loadPostgres, makeFile } from './fixture';

const SERVICE = join(import.meta.dirname, 'service.mjs');

async function spawnSx(env: Record<string, string>) {
  const { child, url } = await spawnService(SERVICE, env);
  return { child, call: callerOf(url) };
}

describe('sx_db process', () => {
  it('ends with 0 on SIGTERM and has answered what it took', async () => {
    const { child, call } = await spawnSx({ SX_DB_PATH: makeFile() });
    const answers = Promise.all([1, 2, 3].map(() => call('GET', '/items?limit=1')));
    expect((await answers).map((a) => a.status)).toEqual([200, 200, 200]);
    const startedAt = performance.now();
    child.kill('SIGTERM');
    expect((await child).exitCode).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });

  it('never opens, nor makes, the SQLite file in POSTGRES_PRIMARY', async () => {
    const database = await testDatabase('sx');
    await loadPostgres(database.dsn, makeFile(), ['assets_1']);
    const path = join(tempDir('sx-none'), 'none.db');
    const { call } = await spawnSx({
      SX_DB_BACKEND_MODE: 'POSTGRES_PRIMARY',
      SX_POSTGRES_DSN: database.dsn,
      SX_DB_PATH: path,
    });
    const [{ id }] = (await call('GET', '/items?limit=1')).json.items;
    expect((await call('PUT', `/items/${id}/meta`, { rating: 3 })).status).toBe(200);
    expect(existsSync(path)).toBe(false);
  });

  it('keeps answering when PostgreSQL goes away, and works again when it is back', async () => {
    const database = await testDatabase('sx');
    await loadPostgres(database.dsn, makeFile(), ['assets_1']);
    const { call } = await spawnSx({ SX_DB_BACKEND_MODE: 'POSTGRES_PRIMARY', SX_POSTGRES_DSN: database.dsn });
    expect((await call('GET', '/health')).status).toBe(200);
    const { default: pg } = await import('pg');
    const admin = new pg.Client({ connectionString: database.adminDsn });
    await admin.connect();
    await admin.query(`ALTER ROLE "${database.name}" NOLOGIN`);
    await admin.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await expect.poll(async () => (await call('GET', '/health')).status).toBe(503);
    expect((await call('GET', '/items?limit=1')).status).toBe(500);
    await admin.query(`ALTER ROLE "${database.name}" LOGIN`);
    await expect.poll(async () => (await call('GET', '/health')).status).toBe(200);
    await admin.end();
  });

  it('refuses an environment it cannot honour, with exit 2 and a sentence', async () => {
    const refused = (env: Record<string, string>) =>
      execa(process.execPath, [SERVICE], {
        env: { PATH: process.env.PATH ?? '', ...env },
        extendEnv: false,
        reject: false,
      });
    expect(await refused({ SX_DB_BACKEND_MODE: 'POSTGRES_MIRROR' })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('deprecated'),
    });
    expect(await refused({ SX_DB_BACKEND_MODE: 'POSTGRES_PRIMARY' })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('SX_POSTGRES_DSN'),
    });
  });
});
