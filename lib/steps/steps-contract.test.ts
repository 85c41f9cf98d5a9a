import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { liftFence, sourceScope, takeFence, withTarget } from '@/lib/dataplane';
import { callService } from '@/lib/services/http';
import { startManaged, stopManaged } from '@/lib/services/managed-process';
import { type DemoFleet, openDemoFleet } from '@/lib/testing/demo-fleet';
import { notPassed, openWalk, type Walk } from '@/lib/testing/walk-context';
import { waitReady } from '@/lib/services/restart';
import { sourceFile } from '@/lib/fleet/source-files';

/** What every machine step promises: run twice is run once, and one altered fact turns the check from green. */
describe('the contract of every step', () => {
  let demo: DemoFleet;
  let walk: Walk;
  const service = () => walk.fleet.find('sx', 'assets_1').service!;
  const source = () => sourceFile(walk.fleet.find('sx', 'assets_1').profile.source);
  const admin = { 'X-SX-Source-ID': 'assets_1' };
  const sql = (text: string) =>
    withTarget(demo.secret('SX_POSTGRES_DSN'), async (client) => {
      await client.query(text);
    });
  const onSource = (text: string) => {
    const db = new Database(source());
    try {
      db.exec(text);
    } finally {
      db.close();
    }
  };
  const check = async (id: string) => {
    const { entry, kind, params } = walk.stepOf(id);
    return kind.check(walk.ctx(entry), params);
  };
  const hold = (method: string) =>
    callService(service().instances[0] ?? '', {
      method,
      path: '/admin/maintenance',
      headers: { ...admin, 'X-SX-Admin-Token': demo.secret('SX_ADMIN_TOKEN') },
      ...(method === 'PUT' ? { json: { bypass: 'x' } } : {}),
    });
  const serviceDown = async () => {
    await stopManaged(service());
    return async () => {
      await startManaged(service(), demo.secret);
      await waitReady(service(), { headers: admin });
    };
  };
  const fact = (id: string, name: string) => String(walk.facts.get(`${id}.${name}`));
  const restoreFile = (file: string) => {
    const bytes = readFileSync(file);
    return () => writeFileSync(file, bytes);
  };

  beforeAll(async () => {
    demo = await openDemoFleet(['assets_1', 'assets_2']);
    walk = openWalk({ ...demo, system: 'sx', sourceId: 'assets_1' });
  }, 60_000);
  afterAll(async () => {
    await demo?.close();
  });

  type Alter = () => Promise<() => unknown> | (() => unknown);
  const video = '(select id from sx_assets_1.videos order by id limit 1)';
  const alters: [string, string, Alter][] = [
    [
      'preflight',
      'a fence on the source',
      () => {
        const { allowedRoots, profile } = walk.ctx(walk.stepOf('fence').entry);
        const location = { path: sourceFile(profile.source), allowedRoots };
        const scope = sourceScope(profile.source_id, profile.source);
        takeFence(location, scope);
        return () => liftFence(location, scope);
      },
    ],
    [
      'snapshot-source',
      'one flipped byte of the copy',
      () => {
        const file = fact('snapshot-source', 'path');
        const back = restoreFile(file);
        const bytes = readFileSync(file);
        bytes[bytes.length - 10] = (bytes[bytes.length - 10] ?? 0) ^ 1;
        writeFileSync(file, bytes);
        return back;
      },
    ],
    [
      'export-userdata',
      'one line more in the file',
      () => {
        const back = restoreFile(fact('export-userdata', 'path'));
        appendFileSync(fact('export-userdata', 'path'), '{"type":"user_meta","video_id":"x"}\n');
        return back;
      },
    ],
    [
      'snapshot-target',
      'an edited manifest',
      () => {
        const file = path.join(fact('snapshot-target', 'dir'), 'manifest.json');
        const back = restoreFile(file);
        truncateSync(file, readFileSync(file).length - 3);
        return back;
      },
    ],
    ['baseline', 'a service that is down', serviceDown],
    [
      'bootstrap',
      'an index less',
      async () => {
        await sql('drop index sx_assets_1.idx_sx_assets_1_videos_author');
        return () =>
          sql('create index idx_sx_assets_1_videos_author on sx_assets_1.videos (source_id, author_unique_id)');
      },
    ],
    [
      'import',
      'a row less',
      async () => {
        await sql(
          `create table sx_assets_1.kept as select * from sx_assets_1.job_queue order by job_id limit 1; delete from sx_assets_1.job_queue where job_id in (select job_id from sx_assets_1.kept)`,
        );
        return () =>
          sql('insert into sx_assets_1.job_queue select * from sx_assets_1.kept; drop table sx_assets_1.kept');
      },
    ],
    [
      'row-diff',
      'one cell',
      async () => {
        await sql(`update sx_assets_1.videos set caption = caption || ' ' where id = ${video}`);
        return () => sql(`update sx_assets_1.videos set caption = left(caption, -1) where id = ${video}`);
      },
    ],
    [
      'smoke',
      'one cell, after the flow had passed',
      async () => {
        await sql(`update sx_assets_1.videos set hearts = hearts + 1 where id = ${video}`);
        return () => sql(`update sx_assets_1.videos set hearts = hearts - 1 where id = ${video}`);
      },
    ],
    [
      'freeze',
      'a hold that somebody lifted',
      async () => {
        await hold('DELETE');
        return () => walk.run('freeze');
      },
    ],
    [
      'fence',
      'one trigger less',
      () => {
        const db = new Database(source());
        const trigger = db
          .prepare("select name, sql from sqlite_schema where type = 'trigger' and name like 'cutover%' limit 1")
          .get() as { name: string; sql: string };
        db.exec(`drop trigger "${trigger.name}"`);
        db.close();
        return () => onSource(trigger.sql);
      },
    ],
    [
      'final-diff',
      'a NULL for an empty text',
      async () => {
        await sql(
          `alter table sx_assets_1.videos add column was text; update sx_assets_1.videos set was = signature, signature = null where id = (select id from sx_assets_1.videos where signature is not null order by id limit 1)`,
        );
        return () =>
          sql(
            `update sx_assets_1.videos set signature = was where was is not null; alter table sx_assets_1.videos drop column was`,
          );
      },
    ],
    [
      'switch',
      'an env file that says the old mode',
      () => {
        const back = restoreFile(service().env_file);
        writeFileSync(
          service().env_file,
          readFileSync(service().env_file, 'utf8').replace('POSTGRES_PRIMARY', 'SQLITE'),
        );
        return back;
      },
    ],
    ['verify-mode', 'a service that is down', serviceDown],
    [
      'canary',
      'a row that the flow left',
      async () => {
        await sql(`update sx_assets_1.user_meta set notes = coalesce(notes, '') || '!'`);
        return () => sql(`update sx_assets_1.user_meta set notes = nullif(left(notes, -1), '')`);
      },
    ],
    [
      'thaw',
      'a hold',
      async () => {
        await hold('PUT');
        return () => hold('DELETE');
      },
    ],
    [
      'log-scan',
      'twenty answers of 500',
      () => {
        const back = restoreFile(service().log_file);
        appendFileSync(
          service().log_file,
          `${JSON.stringify({ time: new Date(Date.now() - 1).toISOString(), method: 'GET', path: '/items', status: 500 })}\n`.repeat(
            20,
          ),
        );
        return back;
      },
    ],
  ];

  for (const [id, what, alter] of alters) {
    it(`${id}: twice is once, and ${what} is seen`, async () => {
      if (id === 'log-scan')
        for (let asked = 0; asked < 3; asked += 1)
          await callService(service().instances[0] ?? '', { path: '/health', headers: admin });
      expect(notPassed(await walk.run(id))).toEqual([]);
      expect(notPassed(await walk.run(id))).toEqual([]);
      const back = await alter();
      const seen = await check(id).then(
        (verdict) => notPassed(verdict).length,
        () => 1,
      );
      expect(seen).toBeGreaterThan(0);
      await back();
      expect(notPassed(await check(id))).toEqual([]);
    }, 60_000);
  }
});
