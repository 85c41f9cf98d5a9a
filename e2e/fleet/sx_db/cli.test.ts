import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { execa } from 'execa';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { makeFile } from './fixture';

const CLI = join(import.meta.dirname, 'cli.mjs');
const run = (args: string[], env: Record<string, string>) =>
  execa(process.execPath, [CLI, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    extendEnv: false,
    reject: false,
    all: true,
  });

describe('sx_db command line', () => {
  it('bootstraps twice with one result, imports every row, and passes its doctor', async () => {
    const database = await testDatabase('sx');
    const path = makeFile();
    const env = { SX_POSTGRES_DSN: database.dsn, SX_DB_PATH: path, SX_DB_BACKEND_MODE: 'POSTGRES_PRIMARY' };
    expect((await run(['pg-bootstrap', '--source', 'assets_1'], env)).all).toContain('mapped now');
    expect((await run(['pg-bootstrap', '--source', 'assets_1'], env)).all).toContain('mapped before');
    const twin = await run(['pg-bootstrap', '--source', 'assets-1'], env);
    expect([twin.exitCode, twin.stderr]).toEqual([1, expect.stringContaining('belongs to another source_id')]);
    expect((await run(['import', '--source', 'assets_1'], env)).exitCode).toBe(0);
    const db = new Database(path, { readonly: true });
    const client = new pg.Client({ connectionString: database.dsn });
    await client.connect();
    const inSqlite = db
      .prepare("SELECT id, caption, hearts, updated_at FROM videos WHERE source_id = 'assets_1' ORDER BY id")
      .all();
    expect(
      (await client.query('SELECT id, caption, hearts, updated_at FROM sx_assets_1.videos ORDER BY id COLLATE "C"'))
        .rows,
    ).toEqual(inSqlite);
    const shape = await client.query(`SELECT count(*) FILTER (WHERE indexname LIKE 'idx_sx_assets_1_%')::int AS indexes,
      (SELECT count(*)::int FROM pg_constraint WHERE contype = 'f' AND NOT convalidated AND connamespace = 'sx_assets_1'::regnamespace) AS foreign_keys
      FROM pg_indexes WHERE schemaname = 'sx_assets_1'`);
    expect(shape.rows[0]).toEqual({ indexes: 8, foreign_keys: 2 });
    await client.end();
    db.close();
    expect((await run(['doctor', '--source', 'assets_1'], env)).exitCode).toBe(0);
  });

  it('makes objects for the service’s role when the admin bootstraps', async () => {
    const database = await testDatabase('sx');
    const made = await run(['pg-bootstrap', '--source', 'a'], {
      SX_POSTGRES_DSN: database.dsn,
      SX_POSTGRES_ADMIN_DSN: database.adminDsn,
    });
    expect(made.exitCode).toBe(0);
    const client = new pg.Client({ connectionString: database.dsn });
    await client.connect();
    const owners = await client.query("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'sx_a'");
    await client.end();
    expect(owners.rows).toEqual([{ tableowner: database.name }]);
  });

  it('stops at a 64-bit value with the words of PostgreSQL', async () => {
    const database = await testDatabase('sx');
    const env = {
      SX_POSTGRES_DSN: database.dsn,
      SX_DB_PATH: makeFile({ dirty: true }),
      SX_DB_BACKEND_MODE: 'POSTGRES_PRIMARY',
    };
    await run(['pg-bootstrap', '--source', 'assets_1'], env);
    const refused = await run(['import', '--source', 'assets_1'], env);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/videos assets_1 \/ 7\d+: .*11500000000.*out of range.*22003/);
  });

  it('exports user data as versioned JSON lines, plain and gzip, without touching the file', async () => {
    const path = makeFile();
    const output = join(tempDir('sx-export'), 'u.jsonl.gz');
    const before = readFileSync(path);
    expect(
      (await run(['export-userdata', '--source', 'assets_1', '--output', output], { SX_DB_PATH: path })).exitCode,
    ).toBe(0);
    expect(readFileSync(path).equals(before)).toBe(true);
    const lines = gunzipSync(readFileSync(output))
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(lines[0]).toMatchObject({ type: 'sx_userdata_export', version: 2, source_id: 'assets_1' });
    const db = new Database(path, { readonly: true });
    const rows = (table: string) =>
      db.prepare(`SELECT COUNT(*) FROM ${table} WHERE source_id = 'assets_1'`).pluck().get();
    expect([
      lines.filter((l) => l.type === 'user_meta').length,
      lines.filter((l) => l.type === 'video_note').length,
    ]).toEqual([rows('user_meta'), rows('video_notes')]);
    db.close();
  });

  it('says what is wrong, with 2 for wrong use and 1 for a failure, and makes no file by a wrong path', async () => {
    const path = makeFile();
    expect((await run([], {})).exitCode).toBe(2);
    expect((await run(['import', '--source', 'x'], {})).all).toContain('SX_DB_BACKEND_MODE=POSTGRES_PRIMARY');
    expect(await run(['pg-bootstrap', '--source', 'x'], {})).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('SX_POSTGRES_DSN is not set'),
    });
    expect(
      await run(['export-userdata', '--source', 'nobody', '--output', `${path}.out`], { SX_DB_PATH: path }),
    ).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('"nobody"') });
    expect(
      (await run(['export-userdata', '--source', 'a', '--output', `${path}.out`], { SX_DB_PATH: `${path}.typo` }))
        .exitCode,
    ).toBe(1);
    expect(() => readFileSync(`${path}.typo`)).toThrow('ENOENT');
  });
});
