import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { clusterDsn, onCluster, tempDir } from '@/lib/testing/databases';
import { openUserRecord } from '../user-record.mjs';
import { DIRT } from './dirty-rows.mjs';
import { makeTenant, startHumanonly } from './fixture';
import { makeRows } from './generate.mjs';
import { prepare } from './prepare.mjs';
import { runUser } from './user.mjs';

it('makes three tenants with their databases, and changes nothing when repeated', async () => {
  const home = tempDir('humanonly-demo');
  const database = `t_ho_${randomBytes(5).toString('hex')}`;
  onTestFinished(() =>
    onCluster(
      ['civic', 'lounge', 'garden'].flatMap((id) => [
        `drop database if exists "${database}_${id}" with (force)`,
        `drop role if exists "${database}_${id}_admin"`,
        `drop role if exists "${database}_${id}_app"`,
      ]),
    ),
  );
  const options = { home, adminDsn: clusterDsn(), small: true, database };
  const first = await prepare(options);
  expect(first.profiles.map(({ service }) => service)).toEqual([
    'humanonly-civic',
    'humanonly-lounge',
    'humanonly-garden',
  ]);
  const client = new pg.Client({ connectionString: first.secrets.HUMANONLY_LOUNGE_URL });
  await client.connect();
  const who = await client.query(
    "SELECT rolsuper, current_setting('search_path') AS path FROM pg_roles WHERE rolname = current_user",
  );
  await client.end();
  expect(who.rows[0]).toEqual({ rolsuper: false, path: 'humanonly, public' });
  const file = join(home, 'fleet/data/humanonly/civic/store.db-wal');
  const before = [statSync(file).mtimeMs, readFileSync(join(home, 'fleet/env/humanonly-civic.env'), 'utf8')];
  const second = await prepare({ ...options, known: first.secrets });
  expect(second.secrets).toEqual(first.secrets);
  expect([statSync(file).mtimeMs, readFileSync(join(home, 'fleet/env/humanonly-civic.env'), 'utf8')]).toEqual(before);
  for (const secret of Object.values(first.secrets)) expect(before[1]).not.toContain(secret);
});

it('makes the same rows from the same seed', () => {
  expect(makeRows({ seed: 'a', posts: 40 })).toEqual(makeRows({ seed: 'a', posts: 40 }));
  expect(makeRows({ seed: 'a', posts: 40 })).not.toEqual(makeRows({ seed: 'b', posts: 40 }));
});

it('holds exactly the dirt that a preflight must count', () => {
  const { env } = makeTenant({ dirty: true });
  const db = new Database(env.HUMANONLY_DB_FILE as string, { readonly: true });
  const count = (sql: string) => db.prepare(`SELECT COUNT(*) FROM ${sql}`).pluck().get();
  const found = [
    count("posts WHERE instr(CAST(body AS BLOB), x'00') > 0"),
    count('reports WHERE post_id NOT IN (SELECT id FROM posts) OR reporter_id NOT IN (SELECT id FROM users)'),
    count('appeals WHERE report_id NOT IN (SELECT id FROM reports)'),
    count('users WHERE assurance_signals_json IS NOT NULL AND NOT json_valid(assurance_signals_json)'),
    count("users WHERE role <> 'member' AND assurance_level IS NULL"),
  ];
  db.close();
  expect(found).toEqual(DIRT.map(({ rows }) => rows));
});

it('a demo user is acknowledged only for rows that are in the file, and waits while writes are held', async () => {
  const tenant = makeTenant();
  const { url, clock, call } = await startHumanonly(tenant.env);
  clock.ahead = 0;
  const folder = tempDir('humanonly-users');
  const record = openUserRecord(folder, 'lounge');
  const ending = new AbortController();
  const profile = { sourceId: 'lounge', url, headers: {} };
  const walk = runUser({ profile, record, perSecond: 50, signal: ending.signal });
  await expect.poll(() => record.counters.acknowledged, { timeout: 10_000 }).toBeGreaterThan(4);
  await call('PUT', '/admin/maintenance', {});
  await expect.poll(() => record.counters.held, { timeout: 10_000 }).toBe(1);
  await call('DELETE', '/admin/maintenance');
  const acknowledged = record.counters.acknowledged;
  await expect.poll(() => record.counters.acknowledged, { timeout: 10_000 }).toBeGreaterThan(acknowledged);
  ending.abort();
  await walk;
  const acks = readFileSync(join(folder, 'lounge.acks.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { table: string; key: { id: string }; column: string; value: string });
  const db = new Database(tenant.env.HUMANONLY_DB_FILE as string, { readonly: true });
  for (const ack of acks)
    expect(db.prepare(`SELECT ${ack.column} FROM ${ack.table} WHERE id = ?`).pluck().get(ack.key.id)).toBe(ack.value);
  db.close();
  expect(record.counters.failed).toBe(0);
});
