import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { type Backend, callerOf, makeTenant, postgresRows, sqliteRows, startOrcheo } from './fixture';
import { startService } from './service.mjs';

describe.each(['sqlite', 'postgres'] as Backend[])('orcheo on %s', (backend) => {
  it('tells every surface’s backend, and the vault is on SQLite always', async () => {
    const orcheo = await startOrcheo(backend);
    const health = await orcheo.call('GET', '/api/system/health');
    expect(health).toMatchObject({ status: 200, json: { status: 'ok', service: 'orcheo' } });
    const backends = health.json.backends as Record<string, { backend: string }>;
    for (const surface of ['repository', 'checkpoint', 'chatkit', 'graph_store', 'service_tokens'])
      expect(backends[surface]?.backend).toBe(backend);
    expect(backends.vault?.backend).toBe('sqlite');
  });

  it('writes each surface, reads it back, and the rows are in the database', async () => {
    const orcheo = await startOrcheo(backend);
    const made = await orcheo.call('POST', '/api/workflows', { name: 'Route “mail”', handle: 'mail' });
    expect(made).toMatchObject({ status: 201, json: { handle: 'mail', is_archived: false, name: 'Route “mail”' } });
    expect((await orcheo.call('GET', '/api/workflows/mail')).json).toEqual(made.json);
    expect((await orcheo.call('POST', '/api/workflows/mail/runs', {})).status).toBe(409);
    const thread = await orcheo.call('PUT', '/api/chatkit/threads/t-1', { title: 'Hi' });
    expect(thread.json).toMatchObject({ id: 't-1', status: { type: 'active' }, metadata: {} });
    const message = { id: 'm-1', text: 'running tests ✓' };
    const first = await orcheo.call('POST', '/api/chatkit/threads/t-1/messages', message);
    expect((await orcheo.call('POST', '/api/chatkit/threads/t-1/messages', message)).json).toEqual(first.json);
    expect((await orcheo.call('PUT', '/api/graph-store/users/a', { n: 1 })).json).toMatchObject({ value: { n: 1 } });
    expect((await orcheo.call('POST', '/api/admin/service-tokens', { identifier: 'ci' })).status).toBe(201);
    expect((await orcheo.call('POST', '/api/admin/service-tokens', { identifier: 'ci' })).status).toBe(409);
    expect(await orcheo.rows('chatkit', "SELECT ordinal FROM chat_messages WHERE id = 'm-1'")).toEqual([
      { ordinal: 0 },
    ]);
    expect(
      await orcheo.rows('service_tokens', "SELECT action FROM service_token_audit_log WHERE token_id = 'ci'"),
    ).toEqual([{ action: 'created' }]);
  });

  it('a run leaves its row, history, steps and a checkpoint of its thread', async () => {
    const orcheo = await startOrcheo(backend);
    const [id] = ['w-1'];
    const now = '2025-01-01T00:00:00.120000+00:00';
    const insert = [
      `INSERT INTO workflows (id, payload, created_at, updated_at) VALUES ('${id}', '{"name":"n"}', '${now}', '${now}')`,
      `INSERT INTO workflow_versions (id, workflow_id, version, payload, created_at, updated_at) VALUES ('v-1', '${id}', 1, '{}', '${now}', '${now}')`,
    ];
    for (const sql of insert) await orcheo.rows('workflows', sql);
    expect((await orcheo.call('GET', '/api/workflows/w-1')).json.created_at).toBe(now);
    const run = await orcheo.call('POST', '/api/workflows/w-1/runs', { inputs: { b: 1, a: [2] } });
    expect(run).toMatchObject({ status: 201, json: { workflow_id: id, status: 'succeeded' } });
    const history = await orcheo.call('GET', `/api/executions/${run.json.id}/history`);
    expect(history.json).toMatchObject({ inputs: { b: 1, a: [2] }, steps: [{ index: 0 }, { index: 1 }] });
    expect((await orcheo.call('GET', `/api/checkpoints/${run.json.id}`)).status).toBe(200);
  });

  it('takes a state of a thread as one more checkpoint, and takes away what is deleted, whole', async () => {
    const orcheo = await startOrcheo(backend);
    const state = { channel_values: { n: 1 } };
    const put = () => orcheo.call('PUT', '/api/checkpoints/t-1/c-1', state);
    await put();
    expect((await put()).json).toMatchObject({ checkpoints: [{ checkpoint_id: 'c-1', ...state }] });
    await orcheo.call('PUT', '/api/graph-store/users/a', { n: 1 });
    await orcheo.call('PUT', '/api/chatkit/threads/t-1', { title: 'Hi' });
    await orcheo.call('POST', '/api/chatkit/threads/t-1/messages', { id: 'm-1', text: 'hi' });
    const places = ['/api/checkpoints/t-1', '/api/graph-store/users/a', '/api/chatkit/threads/t-1'];
    for (const place of places) expect((await orcheo.call('DELETE', place)).status, place).toBe(200);
    for (const place of places) expect((await orcheo.call('GET', place)).status, place).toBe(404);
    expect(await orcheo.rows('chatkit', "SELECT id FROM chat_messages WHERE thread_id = 't-1'")).toEqual([]);
  });

  it('holds writes for maintenance, lets readers and the bypass through, and logs one line a request', async () => {
    const orcheo = await startOrcheo(backend, { ORCHEO_ADMIN_TOKEN: 'secret' });
    expect((await orcheo.call('PUT', '/admin/maintenance', { bypass: 'b' })).status).toBe(401);
    const token = { 'X-Orcheo-Admin-Token': 'secret' };
    expect((await orcheo.call('PUT', '/admin/maintenance', { bypass: 'b' }, token)).json).toMatchObject({
      held: true,
      in_flight: 0,
    });
    const held = await orcheo.call('PUT', '/api/graph-store/users/a', { n: 1 });
    expect([held.status, held.headers.get('retry-after')]).toEqual([503, '1']);
    expect(
      (await orcheo.call('PUT', '/api/graph-store/users/a', { n: 1 }, { 'X-Orcheo-Maintenance-Bypass': 'b' })).status,
    ).toBe(200);
    expect((await orcheo.call('GET', '/api/workflows')).status).toBe(200);
    expect(orcheo.logLines().at(-3)).toMatchObject({
      method: 'PUT',
      path: '/api/graph-store/:prefix/:id',
      status: 503,
      held: true,
    });
  });

  it('answers 503 for a write that the database fences', async () => {
    const orcheo = await startOrcheo(backend);
    if (backend === 'sqlite') {
      const db = new Database(join(orcheo.folder, 'graph_store.sqlite'));
      db.exec("CREATE TRIGGER fence BEFORE INSERT ON store BEGIN SELECT RAISE(ABORT, 'fenced'); END");
      db.close();
    } else {
      await postgresRows(
        orcheo.database.dsn,
        "CREATE FUNCTION fence() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'fenced'; END $$; CREATE TRIGGER fence BEFORE INSERT ON store FOR EACH ROW EXECUTE FUNCTION fence()",
      );
    }
    const answer = await orcheo.call('PUT', '/api/graph-store/users/new', { n: 1 });
    expect(answer).toMatchObject({ status: 503, json: { detail: 'writes are fenced' } });
  });
});

describe('orcheo’s traps', () => {
  const start = async (env: Record<string, string>) => {
    const service = await startService({
      ORCHEO_HOST: '127.0.0.1',
      ORCHEO_PORT: '0',
      ORCHEO_LOG_FILE: join(tempDir('log'), 'l'),
      ORCHEO_POSTGRES_POOL_MIN_SIZE: '0',
      ...env,
    });
    onTestFinished(() => service.stop());
    return callerOf(`http://127.0.0.1:${service.port}`);
  };

  it('ignores variables without the prefix: the service stays on SQLite without a word', async () => {
    const { dsn } = await testDatabase('orcheo');
    const call = await start({
      ORCHEO_HOME: makeTenant(),
      REPOSITORY_BACKEND: 'postgres',
      CHATKIT_BACKEND: 'postgres',
      POSTGRES_DSN: dsn,
    });
    expect((await call('GET', '/api/system/health')).json.backends).toMatchObject({
      repository: { backend: 'sqlite' },
      chatkit: { backend: 'sqlite' },
    });
  });

  it('switches surfaces one by one; the tokens follow the repository', async () => {
    const { dsn } = await testDatabase('orcheo');
    const call = await start({
      ORCHEO_HOME: makeTenant(),
      ORCHEO_REPOSITORY_BACKEND: 'postgres',
      ORCHEO_POSTGRES_DSN: dsn,
    });
    expect((await call('GET', '/api/system/health')).json.backends).toMatchObject({
      repository: { backend: 'postgres', sqlite_path: null },
      service_tokens: { backend: 'postgres' },
      chatkit: { backend: 'sqlite' },
      checkpoint: { backend: 'sqlite' },
    });
    expect((await call('GET', '/api/workflows')).json.total).toBe(0);
    expect(((await call('GET', '/api/chatkit/threads')).json.total as number) > 0).toBe(true);
  });

  it('refuses an unknown backend, and postgres without a DSN', async () => {
    await expect(startService({ ORCHEO_CHATKIT_BACKEND: 'mysql' })).rejects.toThrow(
      'ORCHEO_CHATKIT_BACKEND must be sqlite or postgres',
    );
    await expect(startService({ ORCHEO_CHATKIT_BACKEND: 'postgres' })).rejects.toThrow(
      'ORCHEO_POSTGRES_DSN must be set',
    );
  });

  it('makes no SQLite file but the vault when every surface is on PostgreSQL', async () => {
    const { dsn } = await testDatabase('orcheo');
    const home = tempDir('orcheo-empty');
    const all = Object.fromEntries(
      ['REPOSITORY', 'CHECKPOINT', 'CHATKIT', 'GRAPH_STORE'].map((n) => [`ORCHEO_${n}_BACKEND`, 'postgres']),
    );
    await start({ ORCHEO_HOME: home, ORCHEO_POSTGRES_DSN: dsn, ...all });
    expect(
      ['workflows', 'service_tokens', 'chatkit', 'checkpoints', 'graph_store'].filter((f) =>
        existsSync(join(home, `${f}.sqlite`)),
      ),
    ).toEqual([]);
    expect(existsSync(join(home, 'vault.sqlite'))).toBe(true);
  });

  it('finds other messages by the same word on either side: parts of words here, stems there', async () => {
    const hits = async (backend: Backend, word: string) => {
      const orcheo = await startOrcheo(backend);
      await orcheo.call('PUT', '/api/chatkit/threads/s', { title: 's' });
      await orcheo.call('POST', '/api/chatkit/threads/s/messages', { text: 'he runs daily' });
      return ((await orcheo.call('GET', `/api/chatkit/search?q=${word}`)).json.messages as unknown[]).length;
    };
    expect([await hits('sqlite', 'dail'), await hits('postgres', 'dail')]).toEqual([1, 0]);
    expect([await hits('sqlite', 'running'), await hits('postgres', 'running')]).toEqual([0, 1]);
  });

  it('fires a trigger again whose last dispatch was lost', async () => {
    const orcheo = await startOrcheo('sqlite');
    const now = '2030-01-01T00:00:00.000000+00:00';
    const first = (await orcheo.call('POST', '/api/triggers/cron/dispatch', { now })).json.dispatched as string[];
    expect(first.length).toBeGreaterThan(0);
    expect((await orcheo.call('POST', '/api/triggers/cron/dispatch', { now })).json.dispatched).toEqual([]);
    sqliteRows(orcheo.folder, 'workflows', 'UPDATE cron_triggers SET last_dispatched_at = NULL');
    expect((await orcheo.call('POST', '/api/triggers/cron/dispatch', { now })).json.dispatched).toEqual(first);
  });
});
