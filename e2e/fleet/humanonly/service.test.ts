import { copyFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { verifyAuditFile } from './audit-log.mjs';
import { readConfig } from './config.mjs';
import { runCutover } from './cutover.mjs';
import { type Env, makeTarget, makeTenant, startHumanonly } from './fixture';

const count = (file: string, sql: string): unknown => {
  const db = new Database(file, { readonly: true });
  try {
    return db.prepare(sql).pluck().get();
  } finally {
    db.close();
  }
};

/** A service on PostgreSQL with the rows of a generated tenant, already hydrated. */
async function onPostgres(extra: Env = {}) {
  const tenant = makeTenant();
  const target = await makeTarget();
  const env = { ...tenant.env, ...target.env, HUMANONLY_STORAGE_BACKEND: 'postgres', ...extra };
  await runCutover({
    action: 'apply',
    sqliteFile: tenant.env.HUMANONLY_DB_FILE as string,
    config: readConfig(env),
    output: undefined,
    humanApprovalRef: 'CHANGE-1',
  });
  return { tenant, target, env };
}

describe('humanonly', () => {
  for (const backend of ['sqlite', 'postgres'] as const) {
    it(`walks onboarding, post, feed, report, moderation, appeal on ${backend}, and every row is in the database`, async () => {
      const { tenant, target, env } = await onPostgres({ HUMANONLY_STORAGE_BACKEND: backend });
      const { call, signIn } = await startHumanonly(env);
      await call('GET', '/api/feed');
      await expect.poll(async () => (await call('GET', '/api/feed')).json.data).toHaveLength(20);
      const admin = await signIn('chief_admin');
      const reader = await signIn('a_new_reader');
      const post = (await call('POST', '/api/posts', { body: 'hello ✓' }, reader)).json.data;
      const feed = await call('GET', '/api/feed?limit=1');
      expect(feed.json).toMatchObject({
        data: [{ id: post.id, body: 'hello ✓', author: { handle: 'a_new_reader' } }],
        pageInfo: { nextCursor: post.id, limit: 1 },
      });
      const report = await call('POST', '/api/reports', { postId: post.id, reason: 'test' }, admin);
      expect(report.status).toBe(201);
      expect((await call('POST', '/api/reports', { postId: 'pst_none', reason: 'x' }, admin)).json.code).toBe(
        'POST_NOT_FOUND',
      );
      expect((await call('GET', '/api/reports', undefined, reader)).json.error).toBe('moderator role required');
      const decision = { reportId: report.json.data.id, status: 'resolved', reason: 'fine' };
      expect((await call('POST', '/api/moderation/override', decision, admin)).status).toBe(400);
      const done = await call('POST', '/api/moderation/override', { ...decision, humanConfirmed: true }, admin);
      expect(done.json.data).toMatchObject({ status: 'resolved' });
      const appeal = await call('POST', '/api/appeals', { reportId: decision.reportId, reason: 'again' }, reader);
      const path = `/api/appeals/${appeal.json.data.id}/decision`;
      const granted = await call('POST', path, { decision: 'grant', reason: 'read it', humanConfirmed: true }, admin);
      expect(granted.json.data).toMatchObject({ status: 'granted' });
      const sql = `SELECT p.body || '/' || r.status || '/' || a.status AS seen FROM posts p JOIN reports r ON r.post_id = p.id
        JOIN appeals a ON a.report_id = r.id WHERE p.id = '${String(post.id)}'`;
      const seen =
        backend === 'sqlite'
          ? count(tenant.env.HUMANONLY_DB_FILE as string, sql)
          : (await target.query(sql)).rows[0]?.seen;
      expect(seen).toBe('hello ✓/resolved/granted');
      expect(verifyAuditFile(tenant.env.HUMANONLY_AUDIT_LOG_FILE as string)).toMatchObject({ valid: true });
    });
  }

  it('answers 401 and 403 in words, and writes the denial and the reading into the audit log', async () => {
    const tenant = makeTenant();
    const { call, signIn } = await startHumanonly(tenant.env);
    expect(await call('POST', '/api/posts', { body: 'x' })).toMatchObject({
      status: 401,
      json: { error: 'Authentication required' },
    });
    await call('GET', '/api/feed?limit=2');
    expect((await call('GET', '/api/admin/metrics', undefined, await signIn('some_member'))).status).toBe(403);
    const actions = readFileSync(tenant.env.HUMANONLY_AUDIT_LOG_FILE as string, 'utf8')
      .trim()
      .split('\n')
      .slice(-4)
      .map((line) => (JSON.parse(line) as { action: string }).action);
    expect(actions).toEqual(['auth.session.denied', 'feed.requested', 'auth.session.created', 'auth.session.denied']);
  });

  it('refuses a challenge that was solved too fast, with the same 302 as a success', async () => {
    const { url } = await startHumanonly(makeTenant().env);
    const { signIn } = await import('./sign-in.mjs');
    const hasty = signIn({ url, handle: 'too_fast', displayName: 'Too fast', wait: async () => {} });
    await expect(hasty).rejects.toThrow('302 /onboarding?error=CredentialsSignin');
  });

  it('holds writes and lets reads and the bypass through; a fenced file answers 503 and forgets the row', async () => {
    const tenant = makeTenant();
    const { call, signIn } = await startHumanonly({ ...tenant.env, HUMANONLY_ADMIN_TOKEN: 'token' });
    const reader = await signIn('a_new_reader');
    const admin = { 'X-HumanOnly-Admin-Token': 'token' };
    expect((await call('PUT', '/admin/maintenance', { bypass: 'b' }, {})).status).toBe(401);
    await call('PUT', '/admin/maintenance', { bypass: 'b' }, admin);
    expect(await call('POST', '/api/posts', { body: 'x' }, reader)).toMatchObject({
      status: 503,
      json: { error: 'writes are held for maintenance' },
    });
    expect((await call('GET', '/api/feed')).status).toBe(200);
    const bypass = { ...reader, 'X-HumanOnly-Maintenance-Bypass': 'b' };
    expect((await call('POST', '/api/posts', { body: 'x' }, bypass)).status).toBe(201);
    await call('DELETE', '/admin/maintenance', undefined, admin);
    const db = new Database(tenant.env.HUMANONLY_DB_FILE as string);
    db.exec("CREATE TRIGGER fence BEFORE INSERT ON posts BEGIN SELECT RAISE(ABORT, 'fenced'); END");
    db.close();
    expect(await call('POST', '/api/posts', { body: 'lost' }, reader)).toMatchObject({
      status: 503,
      json: { error: 'writes are fenced' },
    });
    expect((await call('GET', '/api/feed?limit=1')).json.data).toMatchObject([{ body: 'x' }]);
  });

  it('a fenced target answers 503, and works again when the fence is gone', async () => {
    const { target, env } = await onPostgres();
    const { call, signIn } = await startHumanonly(env);
    const reader = await signIn('a_new_reader');
    await target.query(
      "CREATE FUNCTION humanonly.fence() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'fenced'; END $$",
    );
    await target.query('CREATE TRIGGER fence BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION humanonly.fence()');
    expect((await call('POST', '/api/posts', { body: 'no' }, reader)).status).toBe(503);
    await target.query('DROP TRIGGER fence ON posts');
    expect((await call('POST', '/api/posts', { body: 'yes' }, reader)).status).toBe(201);
    expect((await target.query("SELECT body FROM posts WHERE body IN ('no', 'yes')")).rows).toEqual([{ body: 'yes' }]);
  });
});

describe('humanonly traps', () => {
  it('a misspelled backend is sqlite without a word', () => {
    const { env } = makeTenant();
    expect(readConfig({ ...env, HUMANONLY_STORAGE_BACKEND: 'postgress' }).backend).toBe('sqlite');
  });

  it('production turns "disable" and unapproved "async" back', () => {
    const production = {
      NEXTAUTH_SECRET: 's',
      NODE_ENV: 'production',
      HUMANONLY_POSTGRES_SSL_MODE: 'disable',
      HUMANONLY_AUDIT_WRITE_MODE: 'async',
    };
    const [plain, approved] = [
      readConfig(production),
      readConfig({
        ...production,
        HUMANONLY_POSTGRES_SSL_DISABLE_APPROVED: '1',
        HUMANONLY_AUDIT_ASYNC_APPROVED: '1',
        HUMANONLY_AUDIT_ASYNC_APPROVAL_REF: 'CHANGE-7',
      }),
    ];
    expect([plain.postgres.sslMode, plain.auditMode]).toEqual(['require', 'sync']);
    expect([approved.postgres.sslMode, approved.auditMode]).toEqual(['disable', 'async']);
  });

  it('the main file alone is an empty database that opens; its rows are in the WAL', () => {
    const { folder } = makeTenant();
    const main = join(folder, 'store.db');
    expect(statSync(main).size).toBe(4096);
    expect(statSync(`${main}-wal`).size).toBeGreaterThan(20_000);
    copyFileSync(main, join(folder, 'copy.db'));
    expect(count(join(folder, 'copy.db'), 'SELECT COUNT(*) FROM sqlite_master')).toBe(0);
    expect(count(main, 'SELECT COUNT(*) FROM posts')).toBe(60);
  });

  it('the first feed on PostgreSQL is empty, a later one is not; reliability still names the SQLite file', async () => {
    const { env, tenant } = await onPostgres();
    const { call, signIn } = await startHumanonly(env);
    expect((await call('GET', '/api/health')).json).toMatchObject({ ok: true, storage: { backend: 'postgres' } });
    expect((await call('GET', '/api/feed')).json.data).toEqual([]);
    await expect.poll(async () => (await call('GET', '/api/feed')).json.data).toHaveLength(20);
    const found = await call('GET', '/api/admin/reliability', undefined, await signIn('chief_admin'));
    expect(found.json.data.storage).toMatchObject({ backend: 'sqlite', file: tenant.env.HUMANONLY_DB_FILE });
  });

  it('after one post with a NUL every post answers 201 and none is persisted, until a restart', async () => {
    const { target, env } = await onPostgres();
    const first = await startHumanonly(env);
    const reader = await first.signIn('a_new_reader');
    const post = (service: typeof first, body: string) => service.call('POST', '/api/posts', { body }, reader);
    const persisted = async (body: string) =>
      (await target.query(`SELECT count(*)::int AS n FROM posts WHERE body = '${body}'`)).rows[0].n;
    expect((await post(first, 'before')).status).toBe(201);
    expect((await post(first, 'poi\u0000son')).status).toBe(201);
    expect((await post(first, 'after')).status).toBe(201);
    expect((await first.call('GET', '/api/feed?limit=1')).json.data).toMatchObject([{ body: 'after' }]);
    expect([await persisted('before'), await persisted('after')]).toEqual([1, 0]);
    await first.stop();
    const second = await startHumanonly(env);
    await second.call('GET', '/api/feed');
    await expect.poll(async () => (await second.call('GET', '/api/feed')).json.data).not.toEqual([]);
    expect((await post(second, 'restarted')).status).toBe(201);
    expect([await persisted('after'), await persisted('restarted')]).toEqual([0, 1]);
  });

  it('the feed keeps the order of the seed until a restart', async () => {
    const tenant = makeTenant();
    const row = (id: string, created_at: string) => ({ id, author_id: 'usr_1', body: id, created_at });
    const seed = {
      users: [
        {
          id: 'usr_1',
          handle: 'one',
          display_name: 'One',
          role: 'member',
          governance_accepted_at: 'x',
          human_verified_at: 'x',
          created_at: 'x',
          updated_at: 'x',
        },
      ],
      posts: [row('pst_old', '2026-01-01'), row('pst_new', '2026-02-01')],
    };
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(tenant.folder, 'seed.json'), JSON.stringify(seed));
    const env = {
      ...tenant.env,
      HUMANONLY_DB_FILE: join(tenant.folder, 'new.db'),
      HUMANONLY_SEED_FILE: join(tenant.folder, 'seed.json'),
    };
    const order = async () => {
      const { call, stop } = await startHumanonly(env);
      const ids = ((await call('GET', '/api/feed')).json.data as unknown as { id: string }[]).map((post) => post.id);
      await stop();
      return ids;
    };
    expect(await order()).toEqual(['pst_old', 'pst_new']);
    expect(await order()).toEqual(['pst_new', 'pst_old']);
  });

  it('two processes on one audit log fork the chain, and the verifier names the first bad sequence', async () => {
    const tenant = makeTenant();
    const [a, b] = [await startHumanonly(tenant.env), await startHumanonly(tenant.env)];
    await a.call('GET', '/api/feed');
    const file = tenant.env.HUMANONLY_AUDIT_LOG_FILE as string;
    const sound = verifyAuditFile(file);
    expect(sound.valid).toBe(true);
    await b.call('GET', '/api/feed');
    expect(verifyAuditFile(file)).toMatchObject({ valid: false, firstBadSequence: sound.records + 1 });
  });
});

it('keeps the hash of a record only as long as the members of its metadata keep their order', async () => {
  const { hashRecord, makeRecord } = await import('./audit-log.mjs');
  const entry = { actorId: 'a', action: 'x', targetType: 't', metadata: { zone: 1, at: 2 } };
  const record = makeRecord(null, entry, { now: '2026-01-01T00:00:00.000Z', recordId: 'r' });
  expect(hashRecord({ ...record, metadata: { at: 2, zone: 1 } })).not.toBe(record.hash);
});
