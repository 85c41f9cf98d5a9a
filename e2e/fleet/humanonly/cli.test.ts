import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { spawnService } from '../parts/fixture';
import { type Env, makeTarget, makeTenant } from './fixture';

const CLI = join(import.meta.dirname, 'cli.mjs');
const SERVICE = join(import.meta.dirname, 'service.mjs');
const run = (args: string[], env: Env) =>
  execa(process.execPath, [CLI, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    extendEnv: false,
    reject: false,
  });

type Report = {
  parity: Record<string, unknown>;
  source: { integrityViolations: unknown[] };
  productionGuardrails: unknown;
};
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Report;

describe('humanonly cli', () => {
  it('plans, applies only with both approvals, and verifies by fingerprint', async () => {
    const { folder, env } = makeTenant();
    const target = await makeTarget();
    const all = { ...env, ...target.env };
    const output = join(folder, 'report.json');
    expect(await run(['cutover', '--action', 'plan', '--output', output], all)).toMatchObject({ exitCode: 0 });
    expect(read(output).parity).toMatchObject({ countsMatch: false, fingerprintMatch: false });
    expect(await run(['cutover', '--action', 'apply', '--execute'], all)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--human-approval-ref'),
    });
    const apply = ['cutover', '--action', 'apply', '--execute', '--human-approval-ref', 'CHANGE-1', '--output', output];
    expect(await run(apply, all)).toMatchObject({ exitCode: 0 });
    expect(read(output)).toMatchObject({
      parity: { countsMatch: true, fingerprintMatch: true },
      productionGuardrails: { writeActionExecuted: true },
    });
    await target.query("UPDATE posts SET body = body || '!' WHERE id = (SELECT min(id) FROM posts)");
    expect(await run(['cutover', '--action', 'verify', '--output', output], all)).toMatchObject({ exitCode: 1 });
    expect(read(output).parity).toMatchObject({ countsMatch: true, fingerprintMatch: false });
  });

  it('names the orphans of a dirty tenant, dies at its NUL, leaves no report and no row', async () => {
    const { folder, env } = makeTenant({ dirty: true });
    const target = await makeTarget();
    const all = { ...env, ...target.env };
    const plan = join(folder, 'plan.json');
    expect(await run(['cutover', '--action', 'plan', '--output', plan], all)).toMatchObject({ exitCode: 1 });
    expect(read(plan).source.integrityViolations).toHaveLength(3);
    const output = join(folder, 'apply.json');
    const apply = ['cutover', '--action', 'apply', '--execute', '--human-approval-ref', 'CHANGE-1', '--output', output];
    expect(await run(apply, all)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('0x00') });
    expect(existsSync(output)).toBe(false);
    expect((await target.query('SELECT count(*)::int AS n FROM users')).rows[0].n).toBe(0);
  });

  it('verifies the audit chain, and names the fork of a dirty one', async () => {
    const [clean, dirty] = [makeTenant(), makeTenant({ dirty: true })];
    expect(await run(['audit-verify'], clean.env)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/audit_chain=ok\nrecords=64/),
    });
    expect(await run(['audit-verify'], dirty.env)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('first_bad_sequence=65'),
    });
  });

  it('writes a governed snapshot with its fingerprint, from the rows in the WAL', async () => {
    const { folder, env } = makeTenant();
    const output = join(folder, 'snapshot.json');
    const done = await run(['snapshot', '--output', output], env);
    const made = JSON.parse(readFileSync(output, 'utf8')) as { posts: unknown[]; fingerprint: string };
    expect(done.stdout).toContain('posts=60');
    expect(made.posts).toHaveLength(60);
    expect(done.stdout).toContain(`fingerprint=${made.fingerprint}`);
  });

  it('passes sign-offs only when all four roles have approved with reference and time', async () => {
    const { folder, env } = makeTenant();
    const file = join(folder, 'sign-offs.json');
    const approved = {
      owner: 'Ada',
      contact: 'ada@example.org',
      status: 'approved',
      approvalRef: 'C-1',
      signedAt: '2026-03-05T10:30:00Z',
    };
    const four = {
      releaseManager: approved,
      incidentCommander: approved,
      platformOperator: approved,
      governanceLead: approved,
    };
    writeFileSync(file, JSON.stringify(four));
    expect(await run(['sign-offs', '--manifest', file], env)).toMatchObject({ exitCode: 0 });
    writeFileSync(file, JSON.stringify({ ...four, governanceLead: { ...approved, approvalRef: '' } }));
    expect(await run(['sign-offs', '--manifest', file], env)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('governanceLead=fail'),
    });
  });
});

describe('humanonly process', () => {
  const spawn = (env: Env) => spawnService(SERVICE, env);

  it('ends with 0 on SIGTERM and leaves its rows in the WAL', async () => {
    const { env } = makeTenant();
    const { child, url } = await spawn(env);
    expect((await fetch(`${url}/api/feed`)).status).toBe(200);
    child.kill('SIGTERM');
    expect((await child).exitCode).toBe(0);
    expect(readFileSync(`${env.HUMANONLY_DB_FILE}-wal`).length).toBeGreaterThan(20_000);
  });

  it('starts with a wrong TLS mode, and dies at the first request that needs its rows', async () => {
    const { env } = makeTenant();
    const target = await makeTarget();
    const wrong = {
      ...env,
      ...target.env,
      HUMANONLY_STORAGE_BACKEND: 'postgres',
      HUMANONLY_POSTGRES_SSL_MODE: 'require',
    };
    const { child, url } = await spawn(wrong);
    expect((await fetch(`${url}/api/health`)).status).toBe(200);
    await fetch(`${url}/api/feed`).catch(() => {});
    expect(await child).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('SSL') });
  });

  it('refuses to start without what it cannot do without', async () => {
    const bare = (env: Env) =>
      execa(process.execPath, [SERVICE], {
        env: { PATH: process.env.PATH ?? '', ...env },
        extendEnv: false,
        reject: false,
      });
    expect(await bare({})).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('NEXTAUTH_SECRET') });
    expect(await bare({ NEXTAUTH_SECRET: 's', HUMANONLY_STORAGE_BACKEND: 'postgres' })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('HUMANONLY_POSTGRES_URL'),
    });
  });
});
