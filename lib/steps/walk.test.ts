import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTarget } from '@/lib/dataplane';
import { callService } from '@/lib/services/http';
import { expectCriteria } from '@/lib/testing/criteria';
import { type DemoFleet, openDemoFleet } from '@/lib/testing/demo-fleet';
import { runAllOf } from '@/lib/testing/run-all';
import { notPassed, openWalk, readSecretsFile, type Walk } from '@/lib/testing/walk-context';
import { rollback, switching } from '@/lib/testing/walk-steps';
import { sourceFile } from '@/lib/fleet/source-files';

const prepare = [
  'preflight',
  'snapshot-source',
  'export-userdata',
  'snapshot-target',
  'baseline',
  'bootstrap',
  'import',
  'row-diff',
  'load-check',
  'smoke',
];
const dataRollback = ['data-snapshot', 'restore', 'mapping-check', 'rebootstrap'];

describe('a whole cutover of assets_1 and back, without the engine', () => {
  let demo: DemoFleet;
  let walk: Walk;
  let envBefore: string;
  let neighbourBefore: unknown;
  const url = () => walk.ctx(walk.stepOf('freeze').entry).services[0]?.instances[0] ?? '';
  const own = { 'X-SX-Source-ID': 'assets_1' };
  const call = (method: string, path: string, json?: unknown) =>
    callService(url(), { method, path, headers: own, json }, { maxBytes: 1e6 });
  const neighbour = () => {
    const path = sourceFile(walk.fleet.find('sx', 'assets_2').profile.source);
    const db = new Database(path, { readonly: true });
    try {
      return ['sources', 'videos', 'user_meta', 'video_notes'].map((table) =>
        db.prepare(`select * from ${table}`).all(),
      );
    } finally {
      db.close();
    }
  };
  const runAll = runAllOf(() => walk);

  beforeAll(async () => {
    demo = await openDemoFleet(['assets_1', 'assets_2']);
    walk = openWalk({ ...demo, system: 'sx', sourceId: 'assets_1' });
    envBefore = demo.envText('sx-assets_1');
    neighbourBefore = neighbour();
  }, 120_000);
  afterAll(async () => {
    await demo?.close();
  });

  runAll(prepare);

  it('repairs exactly the rows that a row diff found, each named by its key before', async () => {
    const dsn = readSecretsFile(demo.secretsFile).SX_POSTGRES_ADMIN_DSN ?? '';
    const { schema } = walk.fleet.find('sx', 'assets_1').profile.target;
    const damage = [
      `update ${schema}.videos set caption = 'damaged' where id = (select min(id) from ${schema}.videos)`,
      `delete from ${schema}.user_meta where video_id = (select max(video_id) from ${schema}.user_meta)`,
      `insert into ${schema}.video_notes (source_id, video_id, markdown, created_at, updated_at) select source_id, (select min(id) from ${schema}.videos v where not exists (select 1 from ${schema}.video_notes n where n.video_id = v.id)), markdown, created_at, updated_at from ${schema}.video_notes limit 1`,
    ];
    await withTarget(dsn, async (client) => {
      for (const sql of damage) await client.query(sql);
    });
    const claims = async () => (await walk.run('row-diff')).checkpoints.find(({ key }) => key === 'equal');
    const found = (await claims())?.evidence.rowDiff;
    expect([found?.differing, found?.missing, found?.extra]).toEqual(['1', '1', '1']);
    const plan = await walk.planText('row-diff.repair');
    for (const { key } of found?.sample ?? []) expect(plan).toContain(key);
    expect(notPassed(await walk.run('row-diff.repair'))).toEqual([]);
    expect(walk.facts.get('row-diff.repair.repaired')).toEqual({ inserted: '1', updated: '1', deleted: '1' });
    expect((await claims())?.verdict).toBe('passed');
  });

  it("takes a user's write after the snapshot, which the target does not have yet", async () => {
    const { json } = await call('GET', '/items?limit=1');
    const { id } = (json as { items: { id: string }[] }).items[0] ?? { id: '' };
    const answer = await call('PUT', `/items/${id}/meta`, { workflow_log: 'written after the snapshot', rating: 3 });
    expect(answer.status).toBe(200);
  });

  /** A write that a user tries while writes are held. */
  const refusedWrite = async () => {
    const { json } = await call('GET', '/items?limit=1&offset=5');
    const { id } = (json as { items: { id: string }[] }).items[0] ?? { id: '' };
    expect((await call('PUT', `/items/${id}/meta`, { rating: 1 })).status).toBe(503);
  };
  runAll(switching.slice(0, 4));
  it('counts who is refused before the restart', refusedWrite);
  runAll(switching.slice(4, 6));
  it('counts who is refused after it, twice', async () => {
    await refusedWrite();
    await refusedWrite();
  });
  runAll(switching.slice(6));
  it('leaves what each process refused while it held, also of the one that was restarted', () => {
    const heldBy = (id: string) => walk.facts.get(`${id}.held`);
    expect(heldBy('freeze')).toMatchObject({ waiting: 0, refused: 0, ended: 0 });
    expect(heldBy('switch')).toMatchObject({ waiting: 0, refused: 0, ended: 1 });
    // The third is the canary's own try to write as a user.
    expect(heldBy('thaw')).toMatchObject({ waiting: 0, refused: 3, ended: 0 });
  });

  it('repairs no row once the service is on the target', async () => {
    await expect(walk.planText('row-diff.repair')).rejects.toMatchObject({ code: 'state_forbids' });
  });

  it('has moved the late write, refuses writes to the old file, and leaves the env file as it was but for the mode', async () => {
    const rows = await withTarget(
      demo.secret('SX_POSTGRES_DSN'),
      async (client) =>
        (
          await client.query(
            "select rating from sx_assets_1.user_meta where workflow_log = 'written after the snapshot'",
          )
        ).rows,
    );
    expect(rows).toEqual([{ rating: '3' }]);
    const db = new Database(sourceFile(walk.fleet.find('sx', 'assets_1').profile.source));
    expect(() => db.prepare("update user_meta set rating = 1 where source_id = 'assets_1'").run()).toThrow();
    db.close();
    expect(demo.envText('sx-assets_1')).toBe(
      envBefore.replace('SX_DB_BACKEND_MODE=SQLITE', 'SX_DB_BACKEND_MODE=POSTGRES_PRIMARY'),
    );
  });

  runAll(['plugin-operations', 'log-scan']);

  it('does not close over an outage that came after the log scan, and takes nothing down', async () => {
    const { entry, kind, params } = walk.stepOf('close');
    const logFile = walk.ctx(entry).services[0]?.log_file ?? '';
    const before = readFileSync(logFile);
    const failed = { time: new Date().toISOString(), method: 'PUT', path: '/items/{id}/meta', status: 503 };
    appendFileSync(logFile, `${JSON.stringify(failed)}\n`.repeat(200));
    await expect(kind.run(walk.ctx(entry), params)).rejects.toMatchObject({
      code: 'log_anomaly',
      message: expect.stringContaining('PUT /items/{id}/meta 503: 200 answers of a kind the baseline lacks'),
    });
    const { checkpoints } = await kind.check(walk.ctx(entry), params);
    expect(checkpoints.filter(({ verdict }) => verdict === 'failed').map(({ key }) => key)).toEqual(
      expect.arrayContaining(['log-sx-assets_1', 'source-clean']),
    );
    // Seen by a scan of its own, it is that scan's to answer for; the close goes on from there.
    expect(notPassed(await walk.run('log-scan'))).toHaveLength(1);
    expect(walk.facts.get('log-scan.lasting')).toMatch(/stays in the log/);
    expect(
      (await kind.check(walk.ctx(entry), params)).checkpoints.find(({ key }) => key.startsWith('log-'))?.verdict,
    ).toBe('passed');
    writeFileSync(logFile, before);
    expect(notPassed(await walk.run('log-scan'))).toEqual([]);
  });

  it('says what a rollback would drop: exactly the write made since the switch', async () => {
    const { json } = await call('GET', '/items?limit=1&offset=5');
    const { id } = (json as { items: { id: string }[] }).items[0] ?? { id: '' };
    await call('PUT', `/items/${id}/note-md`, { markdown: 'written on the target' });
    const { entry, kind, params } = walk.stepOf('rollback-switch');
    const { loss } = await kind.plan(walk.ctx(entry), params);
    expect(loss && BigInt(loss.differing) + BigInt(loss.missing) + BigInt(loss.extra)).toBe(1n);
    expect(loss?.sample[0]).toMatchObject({ table: 'video_notes', key: expect.stringContaining(id) });
  });

  it('lets users write on between that reading and the hold', async () => {
    const { json } = await call('GET', '/items?limit=1&offset=6');
    const { id } = (json as { items: { id: string }[] }).items[0] ?? { id: '' };
    expect((await call('PUT', `/items/${id}/note-md`, { markdown: 'written after the reading' })).status).toBe(200);
  });

  runAll(rollback);

  it('has counted what it drops once more under the hold: the write after the reading too', () => {
    expect(walk.facts.get('rollback-switch.lossUnderHold')).toMatchObject({ rows: '2', whole: true });
  });

  it('is back on SQLITE with the env file byte for byte, and the file takes writes', async () => {
    expect(demo.envText('sx-assets_1')).toBe(envBefore);
    const { json } = await call('GET', '/items?limit=1&offset=7');
    const { id } = (json as { items: { id: string }[] }).items[0] ?? { id: '' };
    expect((await call('PUT', `/items/${id}/meta`, { rating: 2 })).status).toBe(200);
  });

  it('checks SQLITE again and leaves every rating and source as it was, its time too', async () => {
    const texts = () => {
      const db = new Database(sourceFile(walk.fleet.find('sx', 'assets_1').profile.source), { readonly: true });
      const all = ['user_meta', 'sources'].map((table) => db.prepare(`select * from ${table} order by 1, 2`).all());
      db.close();
      return JSON.stringify(all);
    };
    const before = texts();
    expect(notPassed(await walk.run('rollback-smoke'))).toEqual([]);
    expect(texts()).toBe(before);
  });

  it('says before it restores how many rows it sets aside, and that none was there before the cutover', async () => {
    const { entry, kind, params } = walk.stepOf('restore');
    const { lines } = await kind.plan(walk.ctx(entry), params);
    const { rows } = await withTarget(demo.secret('SX_POSTGRES_DSN'), (client) =>
      client.query<{ n: string }>(
        `select sum((xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %s', c.oid::regclass), false, true, '')))[1]::text::int)::text as n
           from pg_class c where c.relnamespace = 'sx_assets_1'::regnamespace and c.relkind = 'r'`,
      ),
    );
    expect(lines.flatMap(({ counts }) => counts ?? [])).toEqual([
      { is: 'aside', tables: expect.any(Number), rows: rows[0]?.n },
      { is: 'restored', tables: 0, rows: '0' },
    ]);
    expect(BigInt(rows[0]?.n ?? 0)).toBeGreaterThan(0n);
  });

  runAll(dataRollback);

  it('keeps what the restore set aside when an abandon takes back what was made anew, empty, in its place', async () => {
    const standing = () =>
      withTarget(demo.secret('SX_POSTGRES_DSN'), async (client) => {
        const { rows } = await client.query<{ name: string }>(
          `select nspname as name from pg_namespace where nspname = 'sx_assets_1' or nspname like 'cutover_aside_%' order by 1`,
        );
        const names = rows.map(({ name }) => name);
        const made = await client.query(`select from pg_tables where schemaname = 'sx_assets_1'`);
        return { names, tables: made.rowCount };
      });
    const aside = String(walk.facts.get('restore.aside'));
    const before = await standing();
    expect(before.names).toEqual([aside, 'sx_assets_1']);
    expect(before.tables).toBeGreaterThan(0);
    await walk.undo('import');
    await walk.undo('bootstrap');
    expect((await standing()).names).toEqual([aside]);
    const written = await withTarget(demo.secret('SX_POSTGRES_DSN'), (client) =>
      client.query(`select from ${aside}.user_meta limit 1`),
    );
    expect(written.rowCount).toBe(1);
  });

  runAll(['close']);

  it('has proved every success criterion of the seed', () => expectCriteria(walk));

  it('leaves the neighbour untouched and no secret in a plan or log', async () => {
    expect(neighbour()).toEqual(neighbourBefore);
    const plans = await Promise.all([...prepare, ...switching].map((id) => walk.planText(id)));
    const told = [...plans, ...walk.log].join('\n');
    for (const line of readFileSync(demo.secretsFile, 'utf8').split('\n').filter(Boolean)) {
      const value = line.slice(line.indexOf('=') + 1);
      const secret = value.startsWith('postgres') ? decodeURIComponent(new URL(value).password) : value;
      expect(told.includes(secret)).toBe(false);
    }
  });
});
