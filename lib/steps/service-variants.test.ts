import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTarget } from '@/lib/dataplane';
import { callService } from '@/lib/services/http';
import { waitReady } from '@/lib/services/restart';
import { type DemoFleet, openDemoFleet } from '@/lib/testing/demo-fleet';
import { asTwoInstances, type TwoInstances } from '@/lib/testing/two-instances';
import { runAllOf } from '@/lib/testing/run-all';
import { notPassed, openWalk, type Walk } from '@/lib/testing/walk-context';

const prepare = ['preflight', 'snapshot-source', 'export-userdata', 'snapshot-target', 'baseline'];
const load = ['import', 'row-diff', 'load-check', 'smoke', 'freeze', 'fence', 'catch-up', 'final-diff'];
const back = ['rollback-freeze', 'rollback-switch', 'rollback-unfence', 'rollback-verify', 'rollback-thaw'];

describe('a service of two instances that a command restarts, and that makes its own schema by its API', () => {
  let demo: DemoFleet;
  let two: TwoInstances;
  let walk: Walk;
  const own = { 'X-SX-Source-ID': 'assets_1' };
  const modes = () =>
    Promise.all(
      two.ports.map(async (port) => {
        const { json } = await callService(`http://127.0.0.1:${port}`, {
          method: 'GET',
          path: '/health',
          headers: own,
        });
        return (json as { backend: { backend: string } }).backend.backend;
      }),
    );
  const bootstrapByApi = async (on: 'service' | 'shadow') => {
    const { entry, kind } = walk.stepOf('bootstrap');
    const params = kind.params.parse({ via: 'api', on, as_source: 'assets_2' });
    const { lines } = await kind.plan(walk.ctx(entry), params);
    await kind.run(walk.ctx(entry), params);
    return { lines, verdict: await kind.check(walk.ctx(entry), params) };
  };
  const runAll = runAllOf(() => walk);

  beforeAll(async () => {
    demo = await openDemoFleet(['assets_1', 'assets_2']);
    two = await asTwoInstances(demo, 'sx-assets_1');
    walk = openWalk({ ...demo, fleetFile: two.fleetFile, system: 'sx', sourceId: 'assets_1' });
    const service = walk.fleet.find('sx', 'assets_1').service;
    if (service) await waitReady(service, { headers: own });
  }, 120_000);
  afterAll(async () => {
    two?.close();
    await demo?.close();
  });

  runAll(prepare);

  it('bootstraps by one call to the service, is safe to repeat, and the schema equals the contract', async () => {
    const neighbour = openWalk({ ...demo, system: 'sx', sourceId: 'assets_2' });
    expect(notPassed(await neighbour.run('bootstrap'))).toEqual([]);
    const onSource = await bootstrapByApi('service');
    expect(onSource.lines[0]).toMatchObject({
      type: 'http',
      text: `POST http://127.0.0.1:${two.ports[0]}/admin/bootstrap/schema {"source_id":"assets_1"}`,
    });
    // In its source mode the service answers 200 and makes nothing: only the check may turn a row green.
    expect(notPassed(onSource.verdict)).toContainEqual(expect.stringContaining('no row for this source id'));
    expect(notPassed((await bootstrapByApi('shadow')).verdict)).toEqual([]);
    expect(notPassed((await bootstrapByApi('shadow')).verdict)).toEqual([]);
    const registered = await withTarget(
      demo.secret('SX_POSTGRES_DSN'),
      async (client) =>
        (await client.query("select schema_name from public.sx_source_registry where source_id = 'assets_1'")).rows,
    );
    expect(registered).toEqual([{ schema_name: 'sx_assets_1' }]);
  });

  runAll(load);

  it('says which instance stayed behind when the restart forgot one, and goes on once it is mended', async () => {
    two.forget(two.ports[1]);
    const { service } = walk.fleet.find('sx', 'assets_1');
    const { entry, kind, params } = walk.stepOf('switch');
    const short = { ...walk.ctx(entry), services: service ? [{ ...service, ready_seconds: 1 }] : [] };
    await expect(kind.run(short, params)).rejects.toMatchObject({
      code: 'service_mode_wrong',
      message: expect.stringContaining(`http://127.0.0.1:${two.ports[1]}: healthy true, mode SQLITE`),
    });
    expect(await modes()).toEqual(['postgres_primary', 'sqlite']);
    const judged = await kind.check(walk.ctx(entry), params);
    expect(notPassed(judged)).toContainEqual(expect.stringContaining('failed mode-sx-assets_1'));
    expect(notPassed(await walkCheck('verify-mode'))).toEqual([
      expect.stringContaining(`mode-http://127.0.0.1:${two.ports[1]}`),
    ]);
    two.forget(null);
    expect(notPassed(await walk.run('switch'))).toEqual([]);
  }, 60_000);

  it('is not taken in by a service that answers right a few times and then not', async () => {
    let asked = 0;
    const flapping = createServer((_, response) => {
      asked += 1;
      const backend = asked < 4 ? 'postgres_primary' : 'sqlite';
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ok: true, backend: { backend } }));
    });
    await new Promise<void>((resolve) => flapping.listen(0, '127.0.0.1', resolve));
    const { service } = walk.fleet.find('sx', 'assets_1');
    const url = `http://127.0.0.1:${(flapping.address() as AddressInfo).port}`;
    const { entry, kind, params } = walk.stepOf('verify-mode');
    const ctx = { ...walk.ctx(entry), services: service ? [{ ...service, instances: [url] }] : [] };
    const { checkpoints } = await kind.check(ctx, params);
    flapping.close();
    expect(checkpoints).toMatchObject([
      { verdict: 'failed', evidence: { summary: expect.stringContaining('3 of 5') } },
    ]);
  });

  runAll(['verify-mode', 'canary', 'thaw']);

  it('lets users write on both instances, and both see it', async () => {
    const [one, other] = two.ports.map((port) => `http://127.0.0.1:${port}`);
    const { json } = await callService(one ?? '', { method: 'GET', path: '/items?limit=1', headers: own });
    const { id } = (json as { items: { id: string }[] }).items[0] ?? { id: '' };
    const put = { method: 'PUT', path: `/items/${id}/meta`, headers: own, json: { rating: 4 } };
    expect((await callService(other ?? '', put)).status).toBe(200);
    const seen = await callService(one ?? '', { method: 'GET', path: `/items/${id}/meta`, headers: own });
    expect(seen.text).toContain('"rating":4');
  });

  runAll(back);

  it('is back on SQLITE everywhere, with every line of the env file kept', async () => {
    expect(await modes()).toEqual(['sqlite', 'sqlite']);
    const env = readFileSync(walk.fleet.find('sx', 'assets_1').service?.env_file ?? '', 'utf8');
    expect(env).toContain(`SX_POSTGRES_DSN=${demo.secret('SX_POSTGRES_DSN')}`);
    expect(walk.log.join('\n')).not.toContain(new URL(demo.secret('SX_POSTGRES_DSN')).password);
  });

  async function walkCheck(id: string) {
    const { entry, kind, params } = walk.stepOf(id);
    return kind.check(walk.ctx(entry), params);
  }
});
