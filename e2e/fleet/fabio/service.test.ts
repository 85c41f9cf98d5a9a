import { randomUUID } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Backend, makeStore, postgresRows, startFabio } from './fixture';
import { startService } from './service.mjs';

const DRAIN = '/internal/worker/module-tasks/drain';
const TRACE = '/internal/orchestration/trace?correlation_id=';
type Named = { name: string };
const names = (list: unknown) => (list as Named[]).map((entry) => entry.name);

describe.each(['file', 'postgres'] as Backend[])('fabio on %s', (backend) => {
  it('tells each store’s backend; three domains say file under either', async () => {
    const fabio = await startFabio(backend);
    const { json } = await fabio.call('GET', '/health');
    expect(json).toMatchObject({
      status: 'ok',
      service: 'app-platform-api',
      orchestration: { backend },
      customers: { backend },
      owner_memory: { backend },
    });
    for (const domain of ['tenant_runtime_config', 'owner_short_memory', 'owner_episodes'])
      expect(json[domain]).toMatchObject({ backend: 'file' });
    const folder = backend === 'file' ? join(fabio.folder, 'orchestration') : null;
    expect(json.orchestration).toEqual({
      backend,
      storage_dir: folder,
      queue_file: folder && join(folder, 'module-task-queue.json'),
      policy_path: folder && join(folder, 'policy.json'),
    });
  });

  it('runs interaction, drain and trace: two commands, four events, one task', async () => {
    const fabio = await startFabio(backend);
    await fabio.call('POST', DRAIN, { limit: 100 });
    const id = await fabio.say('agenda uma reuniao');
    const drained = await fabio.call('POST', DRAIN, {});
    expect(drained.json).toMatchObject({
      processed_count: 1,
      succeeded_count: 1,
      failed_count: 0,
      processed: [{ correlation_id: id, status: 'completed' }],
    });
    const { json } = await fabio.call('GET', TRACE + id);
    expect(names(json.commands)).toEqual(['owner.command.create', 'module.task.create']);
    expect(names(json.events)).toEqual([
      'owner.command.created',
      'module.task.created',
      'module.task.accepted',
      'module.task.completed',
    ]);
    const failing = await fabio.say('isto vai dar erro');
    expect((await fabio.call('POST', DRAIN, {})).json).toMatchObject({ failed_count: 1 });
    expect(names((await fabio.call('GET', TRACE + failing)).json.events)).toContain('module.task.failed');
  });

  it('refuses what the contract does not know', async () => {
    const fabio = await startFabio(backend);
    const post = (body: unknown) => fabio.call('POST', '/v1/owner-concierge/interaction', body);
    expect(await post('{')).toMatchObject({ status: 400, json: { error: 'invalid_json' } });
    expect(await post({ request: { operation: 'send_message', extra: 1 }, more: 1 })).toMatchObject({
      status: 400,
      json: { error: 'validation_error' },
    });
    expect(JSON.stringify((await post({ request: {}, more: 1 })).json.details)).toContain('"field":"more"');
    expect(await fabio.call('POST', DRAIN, { limit: 101 })).toMatchObject({
      status: 400,
      json: { error: 'validation_error' },
    });
    expect(await fabio.call('GET', '/internal/orchestration/trace')).toMatchObject({
      status: 400,
      json: { error: 'missing_correlation_id' },
    });
  });

  it('keeps records of every collection under their own id', async () => {
    const fabio = await startFabio(backend);
    const [charge, customer] = [randomUUID(), randomUUID()];
    const body = {
      tenant_id: 't-1',
      customer_id: customer,
      external_key: null,
      amount: 10.25,
      currency: 'BRL',
      due_date: '2026-01-31',
      status: 'open',
      metadata: { z: 1, a: [2] },
    };
    const first = await fabio.call('PUT', `/v1/billing/charges/${charge}`, body);
    expect(first).toMatchObject({ status: 200, json: { item: { ...body, charge_id: charge } } });
    await fabio.call('PUT', `/v1/billing/charges/${charge}`, { ...body, status: 'paid' });
    expect((await fabio.call('GET', `/v1/billing/charges/${charge}`)).json.item).toMatchObject({
      status: 'paid',
      amount: 10.25,
      due_date: '2026-01-31',
    });
    expect((await fabio.call('GET', '/v1/billing/charges?tenant_id=t-1')).json.total).toBe(1);
    expect((await fabio.call('GET', `/v1/billing/charges/${randomUUID()}`)).status).toBe(404);
  });

  it('holds writes for maintenance, and logs one line a request', async () => {
    const fabio = await startFabio(backend, { FABIO_MAINTENANCE: 'b', FABIO_ADMIN_TOKEN: 'secret' });
    const held = await fabio.call('POST', DRAIN, {});
    expect([held.status, held.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await fabio.call('POST', DRAIN, {}, { 'X-Fabio-Maintenance-Bypass': 'b' })).status).toBe(200);
    expect((await fabio.call('DELETE', '/admin/maintenance')).status).toBe(401);
    expect(
      (await fabio.call('DELETE', '/admin/maintenance', undefined, { 'X-Fabio-Admin-Token': 'secret' })).json,
    ).toMatchObject({ held: false });
    expect((await fabio.call('POST', DRAIN, {})).status).toBe(200);
    expect(fabio.logLines()[0]).toMatchObject({ method: 'POST', path: DRAIN, status: 503, held: true, backend });
  });
});

describe('fabio’s traps', () => {
  it('leaves broken lines out, and sees the last 200 only, though the file holds all', async () => {
    const folder = makeStore();
    const line = (id: string) =>
      `${JSON.stringify({ command_id: randomUUID(), name: 'n', tenant_id: 't', correlation_id: id, trace_id: 't', created_at: 'x', payload: {} })}\n`;
    appendFileSync(join(folder, 'orchestration/commands.ndjson'), `${line('old')}{"half\n${line('new').repeat(199)}`);
    const fabio = await startFabio('file', {}, folder);
    const count = async (id: string) => names((await fabio.call('GET', TRACE + id)).json.commands).length;
    expect([await count('old'), await count('new')]).toEqual([1, 199]);
    await fabio.say('oi');
    expect(await count('old')).toBe(0);
    expect(fabio.text('orchestration/commands.ndjson')).toContain('"old"');
  });

  it('takes a truncated queue for an empty one and writes over it', async () => {
    const folder = makeStore();
    const file = 'orchestration/module-task-queue.json';
    writeFileSync(join(folder, file), '{"pending": [{"queue_item_id": "lost"');
    const fabio = await startFabio('file', {}, folder);
    expect((await fabio.call('GET', '/internal/orchestration/module-task-queue')).json.total).toBe(0);
    expect(fabio.text(file)).toContain('lost');
    await fabio.say('agenda');
    expect(fabio.text(file)).not.toContain('lost');
  });

  it('keeps 500 finished tasks and drops the oldest', async () => {
    const folder = makeStore();
    const file = 'orchestration/module-task-queue.json';
    writeFileSync(
      join(folder, file),
      JSON.stringify({ pending: [], history: Array.from({ length: 500 }, (_, n) => ({ queue_item_id: `h${n}` })) }),
    );
    const fabio = await startFabio('file', {}, folder);
    await fabio.say('agenda');
    await fabio.call('POST', DRAIN, {});
    const { history } = JSON.parse(fabio.text(file)) as { history: { queue_item_id: string }[] };
    expect([history.length, history[0]?.queue_item_id]).toEqual([500, 'h1']);
  });

  it('makes 24 tables at the start, whatever AUTO_MIGRATE says, and starts empty beside full files', async () => {
    const fabio = await startFabio('postgres', {
      ORCHESTRATION_PG_AUTO_MIGRATE: 'false',
      ORCHESTRATION_PG_SCHEMA: 'fabio_x',
    });
    expect(
      await postgresRows(
        fabio.database.dsn,
        "SELECT count(*)::int AS n FROM information_schema.tables WHERE table_schema = 'fabio_x'",
      ),
    ).toEqual([{ n: 24 }]);
    expect((await fabio.call('GET', '/v1/customers')).json.total).toBe(0);
    expect((JSON.parse(fabio.text('customers/customers.json')) as unknown[]).length).toBeGreaterThan(0);
  });

  it('writes sessions to a file even on PostgreSQL', async () => {
    const fabio = await startFabio('postgres');
    await fabio.say('oi');
    expect(Object.keys(JSON.parse(fabio.text('owner-short-memory/sessions.json')) as object)).toHaveLength(1);
  });

  it('gives keys of a payload in another order from jsonb, with equal values', async () => {
    const fabio = await startFabio('postgres');
    const id = randomUUID();
    const metadata = { zebra: 1, b: 2, aa: 3 };
    const body = {
      tenant_id: 't',
      display_name: 'n',
      primary_phone: null,
      primary_email: null,
      origin: 'o',
      status: 's',
      external_key: null,
      metadata,
    };
    const { item } = (await fabio.call('PUT', `/v1/customers/${id}`, body)).json as { item: { metadata: object } };
    expect(item.metadata).toEqual(metadata);
    expect(Object.keys(item.metadata)).toEqual(['b', 'aa', 'zebra']);
  });

  it('answers 503 for a fenced write, and storage_error for one that the columns refuse', async () => {
    const fabio = await startFabio('postgres');
    const put = () =>
      fabio.call('PUT', `/v1/customers/${randomUUID()}`, {
        tenant_id: 't',
        display_name: 'a\u0000b',
        origin: 'o',
        status: 's',
      });
    expect(await put()).toMatchObject({ status: 500, json: { error: 'storage_error' } });
    await postgresRows(
      fabio.database.dsn,
      "CREATE FUNCTION fence() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'fenced'; END $$; CREATE TRIGGER fence BEFORE INSERT ON orchestration_commands FOR EACH ROW EXECUTE FUNCTION fence()",
    );
    const request = {
      request_id: randomUUID(),
      tenant_id: 't',
      session_id: randomUUID(),
      operation: 'toggle_continuous_mode',
      channel: 'ui-chat',
      payload: {},
    };
    expect(await fabio.call('POST', '/v1/owner-concierge/interaction', { request })).toMatchObject({
      status: 503,
      json: { error: 'writes are fenced' },
    });
  });

  it('refuses an unknown backend, a missing DSN and a schema that is no name', async () => {
    await expect(startService({ ORCHESTRATION_STORE_BACKEND: 'mysql' })).rejects.toThrow('must be file or postgres');
    await expect(startService({ ORCHESTRATION_STORE_BACKEND: 'postgres' })).rejects.toThrow('Missing Postgres DSN');
    await expect(startService({ ORCHESTRATION_PG_SCHEMA: 'a-b' })).rejects.toThrow('no valid identifier');
  });
});
