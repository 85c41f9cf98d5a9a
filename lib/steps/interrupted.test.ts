import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeTargetFence, targetPlace, withTarget } from '@/lib/dataplane';
import { ledgerOf } from '@/lib/dataplane/ledger-schema';
import { callService } from '@/lib/services/http';
import { readFlightCard } from '@/lib/services/flight-card';
import { birthOf } from '@/lib/services/process-birth';
import { runningProcess } from '@/lib/services/managed-process';
import { type DemoFleet, openDemoFleet } from '@/lib/testing/demo-fleet';
import { onCluster } from '@/lib/testing/databases';
import { notPassed, openWalk, type Walk } from '@/lib/testing/walk-context';
import { sourceFile } from '@/lib/fleet/source-files';

const safety = ['snapshot-source', 'snapshot-target', 'baseline', 'bootstrap'];

describe('a cutover that is cut off, taken back or walked again', () => {
  let demo: DemoFleet;
  let walk: Walk;
  let envBefore: string;
  const service = () => walk.fleet.find('sx', 'assets_1').service!;
  const headers = { 'X-SX-Source-ID': 'assets_1' };
  const rows = (text: string) =>
    withTarget(demo.secret('SX_POSTGRES_DSN'), async (client) => (await client.query(text)).rows);
  const green = async (...ids: string[]) => {
    for (const id of ids) expect({ id, not: notPassed(await walk.run(id)) }).toEqual({ id, not: [] });
  };
  const observed = async () =>
    (await callService(service().instances[0] ?? '', { path: '/health', headers })).headers['x-sx-backend'];
  const write = async () => {
    const { json } = await callService(
      service().instances[0] ?? '',
      { path: '/items?limit=1', headers },
      { maxBytes: 1e6 },
    );
    const { id } = (json as { items: { id: string }[] }).items[0] ?? { id: '' };
    return (
      await callService(service().instances[0] ?? '', {
        method: 'PUT',
        path: `/items/${id}/meta`,
        headers,
        json: { rating: 4 },
      })
    ).status;
  };
  /** Runs a step of one attempt under an epoch; `dieAt` stands for the death of the process at a place. */
  const runOnce = async (id: string, attemptId: string, epoch: number, dieAt?: string, times = 1) => {
    const { entry, kind, params } = walk.stepOf(id);
    let left = times;
    if (dieAt)
      walk.failpoints.set(dieAt, () => {
        left -= 1;
        if (left <= 0) throw new Error(`died at ${dieAt}`);
      });
    try {
      await kind.run(walk.ctx(entry, { attemptId, epoch }), params);
    } finally {
      walk.failpoints.clear();
    }
    return notPassed(await kind.check(walk.ctx(entry, { attemptId, epoch }), params));
  };

  beforeAll(async () => {
    demo = await openDemoFleet(['assets_1', 'assets_2']);
    walk = openWalk({ ...demo, system: 'sx', sourceId: 'assets_1' });
    envBefore = demo.envText('sx-assets_1');
    await green(...safety);
  }, 60_000);
  afterAll(async () => {
    await demo?.close();
  });

  it('import: dies after the second commit, and the next worker neither loses nor doubles a row', async () => {
    await expect(runOnce('import', 'imp', 1, 'import:after-commit', 2)).rejects.toThrow('died');
    expect(await runOnce('import', 'imp', 2)).toEqual([]);
    await green('row-diff');
  });

  it('smoke: cancelled in the middle, it leaves no shadow and no row', async () => {
    const before = await rows("select md5(string_agg(t::text, '' order by t::text)) from sx_assets_1.video_notes t");
    const { entry, kind, params } = walk.stepOf('smoke');
    const ending = new AbortController();
    const ctx = walk.ctx(entry, { signal: ending.signal });
    const log = ctx.log;
    let pid = 0;
    ctx.log = (level, text) => {
      log(level, text);
      pid ||= Number(/^Shadow of .* pid (\d+)$/.exec(text)?.[1] ?? 0);
      if (text.includes('A note can be written')) ending.abort(new Error('cancelled'));
    };
    await expect(kind.run(ctx, params)).rejects.toThrow('cancelled');
    expect(birthOf(pid)).toBeNull();
    expect(await rows("select md5(string_agg(t::text, '' order by t::text)) from sx_assets_1.video_notes t")).toEqual(
      before,
    );
    await green('smoke');
  });

  it('switch: dies between env file and restart; the next worker goes on, and the paused one changes nothing more', async () => {
    await green('freeze', 'fence', 'catch-up', 'final-diff');
    await expect(runOnce('switch', 'sw', 1, 'switch:after-env')).rejects.toThrow('died');
    expect(demo.envText('sx-assets_1')).toContain('POSTGRES_PRIMARY');
    expect(await observed()).toBe('sqlite');
    expect(await runOnce('switch', 'sw', 2)).toEqual([]);
    const pid = runningProcess('sx-assets_1')?.pid;
    await expect(runOnce('switch', 'sw', 1)).rejects.toMatchObject({ code: 'attempt_lost' });
    expect(await runOnce('switch', 'sw', 3)).toEqual([]);
    expect(runningProcess('sx-assets_1')?.pid).toBe(pid);
  });

  it('returns by itself: undone in reverse, everything is as it was, and the flight card still has the first env text', async () => {
    expect(readFlightCard('sx', 'assets_1')?.services[0]?.oldEnvText).toBe(envBefore);
    for (const id of ['switch', 'fence', 'freeze']) await walk.undo(id);
    expect(demo.envText('sx-assets_1')).toBe(envBefore);
    expect(await observed()).toBe('sqlite');
    expect(await write()).toBe(200);
    const db = new Database(sourceFile(walk.fleet.find('sx', 'assets_1').profile.source), { readonly: true });
    expect(
      db
        .prepare("select count(*) from sqlite_schema where type = 'trigger' and sql like '%RAISE(ABORT%'")
        .pluck()
        .get(),
    ).toBe(0);
    db.close();
  });

  it('refuses a rollback to a file that is gone or is none, before anything is stopped', async () => {
    await green('freeze', 'fence', 'catch-up', 'final-diff', 'switch', 'verify-mode', 'canary', 'thaw');
    const { entry, kind, params } = walk.stepOf('rollback-switch');
    const file = sourceFile(walk.fleet.find('sx', 'assets_1').profile.source);
    const refused = async (code: string) =>
      expect(kind.plan(walk.ctx(entry), params)).rejects.toMatchObject({
        code,
        message: expect.stringContaining('stays on POSTGRES_PRIMARY'),
      });
    renameSync(file, `${file}.away`);
    try {
      await refused('source_missing');
      writeFileSync(file, 'Dear operator, this is a letter and no database at all.');
      await refused('source_not_a_database');
    } finally {
      renameSync(`${file}.away`, file);
    }
    expect([await observed(), await write()]).toEqual(['postgres_primary', 200]);
  });

  it('rolls back while the target is down, and says that the loss is unknown', async () => {
    await onCluster([
      `alter database "${demo.database}" allow_connections false`,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${demo.database}'`,
    ]);
    try {
      const { entry, kind, params } = walk.stepOf('rollback-switch');
      expect((await kind.plan(walk.ctx(entry), params)).loss).toBeUndefined();
      await green(
        'rollback-freeze',
        'rollback-switch',
        'rollback-unfence',
        'rollback-verify',
        'rollback-thaw',
        'rollback-smoke',
      );
    } finally {
      await onCluster([`alter database "${demo.database}" allow_connections true`]);
    }
    expect(await write()).toBe(200);
    expect(readFileSync(service().env_file, 'utf8')).toBe(envBefore);
    // Not counted is no count of none.
    expect(walk.facts.has('rollback-switch.lossUnderHold')).toBe(false);
    expect(walk.log.join('\n')).toContain('What is lost could not be counted under the hold: ');
  });

  it('abandons: what import and bootstrap made is gone, twice over, and the rest of the registry stays', async () => {
    await withTarget(demo.secret('SX_POSTGRES_DSN'), async (client) => {
      await client.query("insert into public.sx_source_registry values ('other', 'sx_other', 'x', 'x')");
    });
    for (const id of ['import', 'bootstrap', 'bootstrap']) await walk.undo(id);
    expect(await rows("select nspname from pg_namespace where nspname = 'sx_assets_1'")).toEqual([]);
    expect(await rows('select source_id from public.sx_source_registry')).toEqual([{ source_id: 'other' }]);
    expect(await rows('select id from public.sources')).toEqual([]);
    const batches = await withTarget(demo.secret('SX_POSTGRES_DSN'), (client) =>
      client.query(`select 1 from ${ledgerOf(client)}.batch`),
    );
    expect(batches.rows).toEqual([]);
  });

  it("refuses to drop a schema that holds somebody's row", async () => {
    await green('bootstrap');
    await withTarget(demo.secret('SX_POSTGRES_DSN'), async (client) => {
      await client.query(
        "insert into sx_assets_1.job_queue (source_id, job_id, kind, status) values ('assets_1', 'theirs', 'x', 'x')",
      );
    });
    await expect(walk.undo('bootstrap')).rejects.toMatchObject({ code: 'target_not_empty' });
    await withTarget(demo.secret('SX_POSTGRES_DSN'), async (client) => {
      await client.query("delete from sx_assets_1.job_queue where job_id = 'theirs'");
    });
  });

  it('walks a second cutover after the first, and lifts the fence that break-glass left on the target', async () => {
    await takeTargetFence(
      targetPlace(demo.secret('SX_POSTGRES_DSN'), 'assets_1', walk.fleet.find('sx', 'assets_1').profile.target),
    );
    const again = openWalk({ ...demo, system: 'sx', sourceId: 'assets_1', cutoverId: 'walk-2' });
    for (const id of ['preflight', ...safety, 'import', 'row-diff', 'load-check', 'smoke'])
      expect({ id, not: notPassed(await again.run(id)) }).toEqual({ id, not: [] });
  });
});
