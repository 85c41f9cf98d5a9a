import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn } from '@/e2e/fleet/humanonly/sign-in.mjs';
import { withTarget } from '@/lib/dataplane';
import { expectCriteria } from '@/lib/testing/criteria';
import { type DemoFleet, openDemoFleet } from '@/lib/testing/demo-fleet';
import { runAllOf } from '@/lib/testing/run-all';
import { notPassed, openWalk, readSecretsFile, type Walk } from '@/lib/testing/walk-context';

const before =
  'preflight audit-before snapshot-source audit-copy governed-snapshot snapshot-target baseline bootstrap import row-diff validate'.split(
    ' ',
  );
const switching = 'freeze fence catch-up final-diff parity switch verify-mode canary thaw'.split(' ');
const rollback =
  'rollback-freeze rollback-switch rollback-unfence rollback-verify rollback-thaw rollback-smoke rollback-flow rollback-audit'.split(
    ' ',
  );

describe('a whole governed cutover of a community and back, without the engine', () => {
  let demo: DemoFleet;
  let walk: Walk;
  let envBefore: string;
  let session: string;
  let mainFile: Buffer;
  const folder = () => path.join(demo.home, 'fleet/data/humanonly/lounge');
  const url = () => walk.ctx(walk.stepOf('freeze').entry).services[0]?.instances[0] ?? '';
  const post = async (body: string): Promise<number> => {
    const headers = { Cookie: session, 'Content-Type': 'application/json' };
    return (await fetch(`${url()}/api/posts`, { method: 'POST', headers, body: JSON.stringify({ body }) })).status;
  };
  const inPostgres = (sql: string) =>
    withTarget(demo.secret('HUMANONLY_LOUNGE_URL'), async (client) => (await client.query(sql)).rows);
  const inSqlite = (sql: string): unknown => {
    const db = new Database(path.join(folder(), 'store.db'), { readonly: true });
    try {
      return db.prepare(sql).pluck().get();
    } finally {
      db.close();
    }
  };
  /** Judges a step without its verdict counting for the walk. */
  const wrongTurn = async (id: string) => {
    const { entry, kind, params } = walk.stepOf(id);
    return notPassed(await kind.check(walk.ctx(entry), params));
  };
  const runAll = runAllOf(() => walk);

  beforeAll(async () => {
    demo = await openDemoFleet(['humanonly/lounge'], ['humanonly']);
    walk = openWalk({ ...demo, system: 'humanonly', sourceId: 'lounge' });
    envBefore = demo.envText('humanonly-lounge');
    mainFile = readFileSync(path.join(folder(), 'store.db'));
    session = await signIn({ url: url(), handle: 'walker_one', displayName: 'A person' });
  }, 120_000);
  afterAll(async () => {
    await demo?.close();
  });

  runAll(before);

  it('has backed up rows that lie in the WAL alone: the main file by itself is empty', () => {
    const alone = path.join(demo.home, 'alone.db');
    writeFileSync(alone, mainFile);
    const db = new Database(alone, { readonly: true });
    expect(db.prepare('select count(*) from sqlite_schema').pluck().get()).toBe(0);
    db.close();
    expect(walk.facts.get('snapshot-source.rows')).toMatchObject({ posts: '60' });
  });

  it('finds and repairs one changed cell of a renamed jsonb column, by its name in the source', async () => {
    const some = 'where id = (select min(id) from humanonly.users where identity_assurance_signals is not null)';
    await inPostgres(`update humanonly.users set identity_assurance_signals = '["human_attestation"]' ${some}`);
    const found = (await walk.run('row-diff')).checkpoints.find(({ key }) => key === 'equal')?.evidence.rowDiff;
    expect(found?.sample.map(({ table, cells }) => [table, cells.map(({ column }) => column)])).toEqual([
      ['users', ['assurance_signals_json']],
    ]);
    expect(notPassed(await walk.run('row-diff.repair'))).toEqual([]);
    expect(notPassed(await walk.run('row-diff'))).toEqual([]);
  });

  it('fails the smoke when PostgreSQL keeps no post, although the service answers 201', async () => {
    await inPostgres(
      "alter table humanonly.posts add constraint refuse check (body not like 'post cutover%') not valid",
    );
    const failed = notPassed(await walk.run('smoke'));
    await inPostgres('alter table humanonly.posts drop constraint refuse');
    expect(failed[0]).toContain('The post is a row of PostgreSQL');
    expect(failed.join()).not.toContain('A post is taken');
  });

  runAll(['smoke']);

  it('has moved the renamed columns, signals as jsonb, and keeps the audit log as bytes', async () => {
    const [users] = await inPostgres(
      "select count(*)::text as n, count(*) filter (where jsonb_typeof(identity_assurance_signals) = 'array')::text as lists from humanonly.users where identity_assurance_level is not null",
    );
    expect(users).toEqual({
      n: users?.lists,
      lists: inSqlite('select cast(count(*) as text) from users where assurance_level is not null'),
    });
    const [copy] = walk.facts.get('snapshot-source.companions') as { path: string }[];
    const live = readFileSync(path.join(folder(), 'audit-log.jsonl'));
    const bytes = readFileSync(copy?.path ?? '');
    expect(live.subarray(0, bytes.length).equals(bytes)).toBe(true);
  });

  it('takes a post after the backup, which PostgreSQL does not have yet', async () => {
    expect(await post('after the backup')).toBe(201);
  });

  runAll(switching);

  it('has moved the late post, refuses writes to the old file, and changed the mode alone', async () => {
    expect(await inPostgres("select count(*)::text as n from humanonly.posts where body = 'after the backup'")).toEqual(
      [{ n: '1' }],
    );
    const db = new Database(path.join(folder(), 'store.db'));
    expect(() => db.prepare('delete from posts').run()).toThrow();
    db.close();
    expect(demo.envText('humanonly-lounge')).toBe(envBefore.replace('BACKEND=sqlite', 'BACKEND=postgres'));
  });

  runAll(['re-smoke', 'log-scan', 'audit-after']);

  it('says what a rollback would drop: exactly the post made since the switch', async () => {
    expect(await post('on postgres')).toBe(201);
    const { entry, kind, params } = walk.stepOf('rollback-switch');
    const { loss } = await kind.plan(walk.ctx(entry), params);
    expect(loss?.sample.map(({ table, kind: how }) => [table, how])).toEqual([['posts', 'extra']]);
  });

  it('does not pass when a post was answered 201 and never kept: only its output says so', async () => {
    expect(await post('torn \u0000 off')).toBe(201);
    expect(await post('behind it')).toBe(201);
    expect(await inPostgres("select count(*)::text as n from humanonly.posts where body = 'behind it'")).toEqual([
      { n: '0' },
    ]);
    expect(await wrongTurn('log-scan')).toEqual([expect.stringContaining('“storage flush failed” 2 times')]);
  });

  runAll(rollback);

  it('is back on sqlite with the env file byte for byte, and the file takes posts', async () => {
    expect(demo.envText('humanonly-lounge')).toBe(envBefore);
    expect(await post('home again')).toBe(201);
    expect(inSqlite("select count(*) from posts where body = 'home again'")).toBe(1);
    expect(walk.verdicts.get('rollback-flow')?.checkpoints.map(({ claim }) => claim)).toEqual(
      expect.arrayContaining([
        'A post is taken',
        'The post is a row of the SQLite file',
        'An admin resolves the report',
      ]),
    );
    expect(inSqlite("select count(*) from posts where body like '%cutover-%'")).toBe(0);
    expect(inSqlite("select count(*) from users where handle = 'cutover_smoke'")).toBe(0);
  });

  runAll(['data-snapshot', 'restore']);

  it('closes with its backup kept for the rollback window', async () => {
    expect(notPassed(await walk.run('close'))).toEqual([]);
    expect(walk.snapshots.filter(({ kind }) => kind === 'source')).toHaveLength(1);
  });

  it('has proved every success criterion of the seed', () => expectCriteria(walk));

  it('tells a torn audit log by its line', async () => {
    appendFileSync(path.join(folder(), 'audit-log.jsonl'), '{"schemaVersion":1,');
    expect(await wrongTurn('audit-after')).toEqual([expect.stringContaining('torn')]);
  });

  it('leaves no secret in a plan or log', async () => {
    const plans = await Promise.all([...before, 'smoke', ...switching].map((id) => walk.planText(id)));
    const told = [...plans, ...walk.log].join('\n');
    for (const value of Object.values(readSecretsFile(demo.secretsFile))) {
      const secret = value.startsWith('postgres') ? decodeURIComponent(new URL(value).password) : value;
      expect(told.includes(secret)).toBe(false);
    }
  });
});

describe('a community whose rows need a decision', () => {
  let demo: DemoFleet;
  beforeAll(async () => {
    demo = await openDemoFleet(['humanonly/garden'], ['humanonly']);
  }, 120_000);
  afterAll(async () => {
    await demo?.close();
  });

  it('is told of NUL, orphans and signals that are no JSON before anything is moved, and of missing assurance after', async () => {
    const walk = openWalk({ ...demo, system: 'humanonly', sourceId: 'garden' });
    expect(notPassed(await walk.run('preflight'))).toEqual([expect.stringContaining('finding_open')]);
    const blocking = walk.findings.filter(({ blocking: stops }) => stops);
    expect(blocking.map(({ table, column, code, count }) => `${table}.${column} ${code} ${count}`).sort()).toEqual([
      'appeals.appeals_report_id_fkey orphan_rows 1',
      'posts.body nul_in_text 1',
      'reports.reports_post_id_fkey orphan_rows 1',
      'reports.reports_reporter_id_fkey orphan_rows 1',
      'users.assurance_signals_json empty_text 1',
      'users.assurance_signals_json not_json 1',
    ]);
    for (const { key, rules } of blocking) walk.rules.set(key, rules[0]?.name ?? '');
    expect(notPassed(await walk.run('audit-before'))).toEqual([expect.stringContaining('two writers have forked')]);
    for (const id of ['preflight', 'snapshot-source', 'snapshot-target', 'bootstrap', 'import', 'row-diff'])
      expect([id, notPassed(await walk.run(id))]).toEqual([id, []]);
    const failed = notPassed(await walk.run('validate')).map((line) => line.split(': ')[1]);
    expect(failed).toEqual([
      'As many users, posts, reports and appeals as the backup',
      'The source has no orphan either, though SQLite would let it',
      'Everybody with rights has identity assurance on record',
    ]);
  }, 120_000);
});
