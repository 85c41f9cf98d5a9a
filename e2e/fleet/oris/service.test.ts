import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { withClient } from './backup.mjs';
import { columnsWithoutTarget, tablesWithoutTarget } from './ddl.mjs';
import { makeRuntime, startOris } from './fixture';
import { DIRT, makeRows } from './generate.mjs';

for (const backend of ['sqlite', 'postgres'] as const) {
  describe(`oris on ${backend}`, () => {
    it('queues a job once by its key, leases it, keeps the lease, and ends it', async () => {
      const { call } = await startOris((await makeRuntime(backend)).env);
      const job = { thread_id: 'thread-1', input: 'go', idempotency_key: 'k' };
      const first = (await call('POST', '/v1/jobs/run', job)).json.data;
      expect((await call('POST', '/v1/jobs/run', job)).json.data).toEqual({ ...first, idempotent_replay: true });
      const polled = (await call('POST', '/v1/workers/poll', { worker_id: 'w', limit: 100 })).json.data;
      const leases = polled.leases as { attempt_id: string; lease_id: string }[];
      const lease = leases.find((one) => one.attempt_id === first.attempt_id);
      expect((await call('POST', '/v1/workers/w/heartbeat', { lease_id: lease?.lease_id })).status).toBe(200);
      expect((await call('POST', '/v1/workers/other/heartbeat', { lease_id: lease?.lease_id })).json.error?.code).toBe(
        'lease_lost',
      );
      const retry = {
        attempt_id: first.attempt_id,
        terminal_status: 'failed',
        retry_policy: { max_retries: 1, backoff_ms: 5 },
      };
      expect((await call('POST', '/v1/workers/w/ack', retry)).json.data).toMatchObject({ status: 'retry_backoff' });
      expect(
        (await call('POST', '/v1/workers/w/ack', { attempt_id: first.attempt_id, terminal_status: 'completed' })).json
          .data.status,
      ).toBe('completed');
      expect((await call('GET', '/v1/jobs/thread-1')).json.data.attempts).toMatchObject([
        { status: 'completed', attempt_no: 2 },
      ]);
      expect((await call('GET', '/v1/jobs/none')).status).toBe(404);
    });

    it('gives an attempt back to the queue when its lease runs out', async () => {
      const { call, clock } = await startOris((await makeRuntime(backend)).env);
      const poll = async (worker_id: string) =>
        (
          (await call('POST', '/v1/workers/poll', { worker_id, limit: 100 })).json.data.leases as {
            attempt_id: string;
          }[]
        )
          .map((l) => l.attempt_id)
          .sort();
      const mine = await poll('a');
      expect(mine.length).toBeGreaterThan(0);
      expect(await poll('b')).toEqual([]);
      clock.ahead = 60_000;
      expect(await poll('b')).toEqual(mine);
    });

    it('holds writes, lets reads and the bypass through, and answers 503 for a fenced write', async () => {
      const runtime = await makeRuntime(backend);
      const { call } = await startOris(runtime.env);
      const run = (id: string, headers = {}) => call('POST', '/v1/jobs/run', { thread_id: id }, headers);
      await call('PUT', '/admin/maintenance', { bypass: 'b' });
      expect((await run('x')).json.error?.message).toBe('writes are held for maintenance');
      expect((await run('x', { 'X-Oris-Maintenance-Bypass': 'b' })).status).toBe(200);
      expect((await call('GET', '/metrics')).status).toBe(200);
      await call('DELETE', '/admin/maintenance');
      if (backend === 'sqlite') {
        const db = new Database(runtime.path);
        db.exec("CREATE TRIGGER fence BEFORE INSERT ON runtime_attempts BEGIN SELECT RAISE(ABORT, 'fenced'); END");
        db.close();
      } else
        await withClient(runtime.dsn, (client: { query: (sql: string) => Promise<unknown> }) =>
          client.query(`CREATE FUNCTION oris_runtime.fence() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'fenced'; END $$;
            CREATE TRIGGER fence BEFORE INSERT ON oris_runtime.runtime_attempts FOR EACH ROW EXECUTE FUNCTION oris_runtime.fence()`),
        );
      expect(await run('y')).toMatchObject({ status: 503, json: { error: { message: 'writes are fenced' } } });
      const lines = readFileSync(runtime.env.ORIS_LOG_FILE as string, 'utf8')
        .trim()
        .split('\n');
      expect(JSON.parse(lines[0] as string)).toMatchObject({ path: '/admin/maintenance', status: 200, backend });
    });

    it('refuses a schema that is newer than it supports, and unknown secrets', async () => {
      const runtime = await makeRuntime(backend);
      const secured = await startOris({ ...runtime.env, ORIS_API_AUTH_BEARER_TOKEN: 't' });
      expect((await secured.call('GET', '/v1/jobs')).status).toBe(401);
      expect((await secured.call('GET', '/v1/jobs', undefined, { Authorization: 'Bearer t' })).status).toBe(200);
      expect((await secured.call('GET', '/healthz')).json).toMatchObject({ ok: true, runtime_backend: backend });
      const sql = "INSERT INTO runtime_schema_migrations VALUES (99, 'from the future', 1)";
      if (backend === 'sqlite') {
        const db = new Database(runtime.path);
        db.exec(sql);
        db.close();
      } else
        await withClient(runtime.dsn, (client: { query: (sql: string) => Promise<unknown> }) =>
          client.query(sql.replace('runtime_', 'oris_runtime.runtime_')),
        );
      await expect(startOris(runtime.env)).rejects.toThrow('version 99');
    });
  });
}

describe('oris traps', () => {
  it('fails the start when the schema is missing, unless told otherwise; PostgreSQL without a DSN too', async () => {
    const { env } = await makeRuntime('postgres');
    await expect(startOris({ ...env, ORIS_POSTGRES_SCHEMA: 'none' })).rejects.toThrow('does not exist');
    const { call } = await startOris({ ...env, ORIS_POSTGRES_SCHEMA: 'none', ORIS_POSTGRES_REQUIRE_SCHEMA: 'false' });
    expect((await call('GET', '/healthz')).json).toMatchObject({ schema: 'none', schema_version: 2 });
    await expect(startOris({ ...env, ORIS_POSTGRES_DSN: '' })).rejects.toThrow('ORIS_RUNTIME_DSN');
    await expect(startOris({ ...env, ORIS_RUNTIME_BACKEND: 'mysql' })).rejects.toThrow('must be sqlite or postgres');
  });

  it('has eight tables and fourteen columns without a target, and a file with a row of each', async () => {
    expect([tablesWithoutTarget().length, columnsWithoutTarget().length]).toEqual([8, 14]);
    const db = new Database((await makeRuntime('sqlite', { dirty: true })).path, { readonly: true });
    const count = (sql: string) => db.prepare(`SELECT COUNT(*) FROM ${sql}`).pluck().get();
    const found = DIRT.map(({ finding, table }) => {
      if (finding === 'integer_range') return count(`${table} WHERE attempt_no > 2147483647`);
      return count(
        finding === 'orphan' ? `${table} WHERE attempt_id NOT IN (SELECT attempt_id FROM runtime_attempts)` : table,
      );
    });
    db.close();
    expect(found).toEqual(DIRT.map(({ rows }) => rows));
  });

  it('makes the same rows from the same seed', () => {
    expect(makeRows({ seed: 'a', attempts: 50 })).toEqual(makeRows({ seed: 'a', attempts: 50 }));
    expect(makeRows({ seed: 'a', attempts: 50 })).not.toEqual(makeRows({ seed: 'b', attempts: 50 }));
  });
});
