import http, { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { targetPlace, withTarget } from '@/lib/dataplane';
import { flowFile } from '@/lib/fleet/flow-schema';
import { headersOfProfile } from '@/lib/fleet/secret-names';
import { withShadow } from '@/lib/services/shadow';
import { type DemoFleet, openDemoFleet } from '@/lib/testing/demo-fleet';
import { openWalk, type Walk } from '@/lib/testing/walk-context';
import { fixedNames, neighbourNames } from '@/lib/steps/parts/flow-names';
import { type Kept, openFootprint } from './footprint';
import { type FlowResult, runFlow } from './run-flow';
import { sourceFile } from '@/lib/fleet/source-files';

const failedClaims = (results: FlowResult[]) =>
  results.filter((one) => one.verdict !== 'passed').map((one) => one.claim);

describe('flows on the real service in PostgreSQL mode', () => {
  let demo: DemoFleet;
  let walk: Walk;
  const stepCtx = () => walk.ctx(walk.stepOf('smoke').entry);
  const place = () =>
    targetPlace(demo.secret('SX_POSTGRES_DSN'), 'assets_1', walk.fleet.find('sx', 'assets_1').profile.target);
  const footprint = (kept: { rows: Kept[] | null }) =>
    openFootprint(
      place(),
      {
        get: async () => kept.rows,
        set: async (rows) => {
          kept.rows = structuredClone(rows);
        },
      },
      AbortSignal.timeout(20_000),
    );

  beforeAll(async () => {
    demo = await openDemoFleet(['assets_1', 'assets_2']);
    walk = openWalk({ ...demo, system: 'sx', sourceId: 'assets_1' });
    for (const id of ['snapshot-source', 'bootstrap', 'import']) await walk.run(id);
  }, 60_000);
  afterAll(async () => {
    await demo?.close();
  });

  /** Runs a flow on a shadow, or on something that stands before it. */
  async function onShadow(
    name: string,
    before: (url: string) => Promise<{ url: string; close(): void }> = async (url) => ({ url, close: () => undefined }),
    signal = new AbortController().signal,
  ): Promise<FlowResult[]> {
    const ctx = stepCtx();
    const {
      services: [service],
      profile,
    } = ctx;
    if (!service) throw new Error('no service');
    return withShadow(
      service,
      {
        mode: 'POSTGRES_PRIMARY',
        headers: headersOfProfile(profile, demo.secret),
        sourceId: profile.source_id,
        workDir: ctx.workDir,
        secret: demo.secret,
        signal: ctx.signal,
      },
      async (shadow) => {
        const front = await before(shadow.url);
        try {
          return await runFlow({
            flow: walk.runbook.flows[name] ?? { title: '', checks: [] },
            names: {
              ...fixedNames(ctx),
              'rows.videos':
                walk.ctx(walk.stepOf('import').entry).fact<Record<string, string>>('import', 'rows').videos ?? '',
            },
            neighbours: neighbourNames(ctx),
            footprint: footprint({ rows: null }),
            progress: () => undefined,
            place: {
              service: shadow.service,
              url: front.url,
              headers: headersOfProfile(profile, demo.secret),
              target: place(),
              source: () => ({ path: sourceFile(profile.source), beside: {} }),
              secret: demo.secret,
              signal,
              log: () => undefined,
            },
          });
        } finally {
          front.close();
        }
      },
    );
  }

  type Asked = { path: string; method: string; headers: http.OutgoingHttpHeaders };
  /** A proxy before the shadow. @param change what is asked in place of a request; null: it gets no answer */
  const proxy = (change: (asked: Asked) => Asked | null) => async (url: string) => {
    const server = createServer((request, response) => {
      const { url: path = '/', method = 'GET' } = request;
      const asked = change({ path, method, headers: { ...request.headers } });
      if (!asked) return;
      request.pipe(
        http.request(new URL(asked.path, url), { method, headers: asked.headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        }),
      );
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      close: () => {
        server.closeAllConnections();
        server.close();
      },
    };
  };
  /** Answers every request as assets_1, whoever asks: the leak that a smoke must see. */
  const leak = proxy(({ path, method, headers }) => {
    const target = new URL(path, 'http://shadow');
    target.searchParams.delete('source_id');
    const { 'x-sx-profile-index': _, ...others } = headers;
    return { path: `${target.pathname}${target.search}`, method, headers: { ...others, 'x-sx-source-id': 'assets_1' } };
  });
  const digest = () =>
    withTarget(
      demo.secret('SX_POSTGRES_DSN'),
      async (client) =>
        (
          await client.query(
            "select md5(string_agg(t::text, '' order by t::text)) as notes from sx_assets_1.video_notes t",
          )
        ).rows,
    );

  it('stands beside the shadow of a neighbour behind the same process, and takes the place of its own from before', async () => {
    const ctx = stepCtx();
    const [service] = ctx.services;
    if (!service) throw new Error('no service');
    const options = (sourceId: string) => ({
      mode: 'POSTGRES_PRIMARY',
      headers: headersOfProfile(ctx.profile, demo.secret),
      sourceId,
      workDir: ctx.workDir,
      secret: demo.secret,
      signal: ctx.signal,
    });
    await withShadow(service, options('assets_1'), async (first) => {
      await withShadow(service, options('a neighbour'), async () => expect(first.openFiles()).not.toBeNull());
      await withShadow(service, options('assets_1'), async () => expect(first.openFiles()).toBeNull());
    });
  });

  it('passes the smoke and leaves every row as it was', async () => {
    const before = await digest();
    expect(failedClaims(await onShadow('smoke'))).toEqual([]);
    expect(await digest()).toEqual(before);
  });

  it("sees a service that answers a neighbour with this profile's rows", async () => {
    const before = await digest();
    expect(failedClaims(await onShadow('smoke', leak))).toEqual(
      expect.arrayContaining([
        '6 of 6: an unknown source is refused',
        'A request without a source is refused',
        'A profile index of another source is refused',
      ]),
    );
    expect(await digest()).toEqual(before);
  });

  it('finds the mark at a neighbour when only reads leak', async () => {
    const onlyReads = proxy((asked) =>
      asked.method === 'GET' && asked.headers['x-sx-source-id'] === 'assets_2'
        ? { ...asked, headers: { ...asked.headers, 'x-sx-source-id': 'assets_1' } }
        : asked,
    );
    expect(failedClaims(await onShadow('smoke', onlyReads))).toEqual([
      "A neighbour's item does not show this profile's note (assets_2)",
      "A neighbour's newest notes do not show this profile's note (assets_2)",
    ]);
  });

  it('fails a must-fail check that is answered, and writes nothing after a failure', async () => {
    const flow = flowFile.parse({
      title: 'must fail',
      checks: [
        { kind: 'http', name: 'health is refused', must_fail: true, path: '/health', expect: { status: [200, 400] } },
        { kind: 'http', name: 'a write', method: 'PUT', path: '/items/x/meta', json: { rating: 1 } },
        {
          kind: 'sql',
          name: 'a writing statement is refused',
          must_fail: true,
          on: 'target',
          sql: 'delete from videos',
        },
        {
          kind: 'sql',
          name: 'a writing statement is refused by the source',
          must_fail: true,
          on: 'source',
          sql: 'delete from videos',
        },
        {
          kind: 'script',
          name: 'doctor says all is well',
          command: 'doctor',
          expect: { output: { contains: '[PASS] sqlite file' } },
        },
        { kind: 'script', name: 'an import in SQLITE mode is refused', must_fail: true, command: 'import' },
        { kind: 'http', name: 'needs what nobody captured', path: '/items/${nothing}' },
      ],
    });
    walk.runbook.flows['must-fail'] = flow;
    const results = await onShadow('must-fail');
    expect(results.map((one) => `${one.verdict} ${one.claim}`)).toEqual([
      'failed health is refused',
      'unknown a write',
      'passed a writing statement is refused',
      'passed a writing statement is refused by the source',
      'passed doctor says all is well',
      'passed an import in SQLITE mode is refused',
      'unknown needs what nobody captured',
    ]);
    // A statement stands whole in the evidence; the line that people read says what was read.
    expect(results[2]).toMatchObject({ summary: expect.stringMatching(/^Read from the target: /) });
    expect(results[2]?.probes[0]?.what).toContain('delete from videos');
  });

  it('takes away what it made also after a failure, and when it is cut off in the middle', async () => {
    walk.runbook.flows['takes-away'] = flowFile.parse({
      title: 'takes away',
      checks: [
        { kind: 'http', name: 'made', method: 'POST', path: '/sources', json: { id: '${mark}', label: 'x' } },
        { kind: 'http', name: 'fails', path: '/no-such-page' },
        { kind: 'http', name: 'a later write', method: 'POST', path: '/sources', json: { id: '${mark}-2' } },
        { kind: 'http', name: 'taken away', method: 'DELETE', path: '/sources/${mark}', takes_away: true },
      ],
    });
    const ours = () =>
      withTarget(
        demo.secret('SX_POSTGRES_DSN'),
        async (client) => (await client.query("select id from public.sources where id like 'cutover-%'")).rows,
      );
    expect((await onShadow('takes-away')).map((one) => `${one.verdict} ${one.claim}`)).toEqual([
      'passed made',
      'failed fails',
      'unknown a later write',
      'passed taken away',
    ]);
    expect(await ours()).toEqual([]);
    const cutting = new AbortController();
    const cutAt = proxy((asked) => {
      if (!asked.path.startsWith('/no-such-page')) return asked;
      cutting.abort(new Error('cancelled'));
      return null;
    });
    await expect(onShadow('takes-away', cutAt, cutting.signal)).rejects.toThrow('cancelled');
    expect(await ours()).toEqual([]);
  });

  it('puts back what a killed flow left: a changed row, a new row, and not what somebody else wrote since', async () => {
    const rows = await withTarget(
      demo.secret('SX_POSTGRES_DSN'),
      async (client) =>
        (await client.query<{ video_id: string }>('select video_id from sx_assets_1.user_meta order by 1 limit 2'))
          .rows,
    );
    const key = (video: string) => ({ table: 'user_meta', key: { source_id: 'assets_1', video_id: video } });
    const [changed, foreign] = [rows[0]?.video_id ?? '', rows[1]?.video_id ?? ''];
    const kept: { rows: Kept[] | null } = { rows: null };
    const sql = (text: string) => withTarget(demo.secret('SX_POSTGRES_DSN'), (client) => client.query(text));
    const all = () =>
      withTarget(
        demo.secret('SX_POSTGRES_DSN'),
        async (client) => (await client.query('select * from sx_assets_1.user_meta order by video_id')).rows,
      );
    const before = await all();
    const killed = footprint(kept);
    await killed.keep([key(changed), key(foreign), key('new-one')]);
    await sql(
      `update sx_assets_1.user_meta set notes = E'our \\\\ "mark"', rating = 5 where video_id in ('${changed}', '${foreign}')`,
    );
    await sql(
      "alter table sx_assets_1.user_meta drop constraint fk_user_meta_videos; insert into sx_assets_1.user_meta (source_id, video_id, notes) values ('assets_1', 'new-one', 'ours')",
    );
    await killed.written([key(changed), key(foreign), key('new-one')]);
    await sql(`update sx_assets_1.user_meta set notes = 'a user' where video_id = '${foreign}'`);

    const outcomes = (await footprint(kept).restore()).map((one) => one.outcome);
    expect(outcomes).toEqual(['put back', 'left: written by somebody else since', 'removed']);
    const after = await all();
    expect(after.filter((row) => row.video_id !== foreign)).toEqual(before.filter((row) => row.video_id !== foreign));
  });
});
