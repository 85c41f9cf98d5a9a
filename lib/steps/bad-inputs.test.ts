import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { withTarget } from '@/lib/dataplane';
import type { ErrorCode } from '@/lib/errors';
import type { CheckpointResult } from '@/lib/shared/evidence';
import { onCluster } from '@/lib/testing/databases';
import { type DemoFleet, openDemoFleet } from '@/lib/testing/demo-fleet';
import { openWalk, readSecretsFile } from '@/lib/testing/walk-context';
import { sourceFile } from '@/lib/fleet/source-files';

/** What a person gets when something they gave is wrong: what, where, what to do and a code; nothing is changed by it. */
let demo: DemoFleet;
let freePort: number;

beforeAll(async () => {
  demo = await openDemoFleet(['assets_1']);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  freePort = (server.address() as { port: number }).port;
  server.close();
}, 60_000);
afterAll(() => demo?.close());

type Given = { dsn: URL; folder: string; live: string };
type Change = {
  /** Replaces SX_POSTGRES_DSN. */
  dsn?: string;
  sourcePath?: string;
  sourceId?: string;
  schema?: string;
  binDir?: string;
};
type Case = {
  name: string;
  given(now: Given): Change | Promise<Change>;
  /** The claim that must fail. */
  key: string | RegExp;
  code: ErrorCode;
  /** What the sentence must name. */
  where(now: Given): string;
};

const changed = (dsn: URL, change: (url: URL) => void): string => {
  const url = new URL(dsn);
  change(url);
  return url.href;
};

/** A consistent copy of the live source that may be spoiled. */
async function copyOf({ live, folder }: Given, name: string): Promise<string> {
  const file = join(folder, name);
  const db = new Database(live, { readonly: true });
  await db.backup(file);
  db.close();
  return file;
}

const target = /^dsn-SX_POSTGRES_DSN$/;
const cases: Case[] = [
  {
    name: 'a DSN that is none',
    given: () => ({ dsn: 'host=here password=s3cret-4711' }),
    key: target,
    code: 'dsn_invalid',
    where: () => 'SX_POSTGRES_DSN',
  },
  {
    name: 'a wrong password',
    given: ({ dsn }) => ({ dsn: changed(dsn, (url) => (url.password = 's3cret-4711')) }),
    key: target,
    code: 'target_password_wrong',
    where: ({ dsn }) => dsn.host,
  },
  {
    name: 'a database that is not there',
    given: ({ dsn }) => ({ dsn: changed(dsn, (url) => (url.pathname = '/no_such_database')) }),
    key: target,
    code: 'target_database_missing',
    where: () => 'no_such_database',
  },
  {
    name: 'a server that does not answer',
    given: ({ dsn }) => ({ dsn: changed(dsn, (url) => (url.port = String(freePort))) }),
    key: target,
    code: 'target_unreachable',
    where: () => String(freePort),
  },
  {
    name: 'a host that has no address',
    given: ({ dsn }) => ({ dsn: changed(dsn, (url) => (url.hostname = 'no-such-host.invalid')) }),
    key: target,
    code: 'target_unreachable',
    where: () => 'no-such-host.invalid',
  },
  {
    name: 'a role that may not make a schema',
    given: async ({ dsn }) => {
      const role = `${demo.database}_poor`;
      await onCluster(
        [
          `create role "${role}" login password 's3cret-4711'`,
          `grant connect on database "${demo.database}" to "${role}"`,
          `revoke create on database "${demo.database}" from public`,
        ],
        demo.adminDsn,
      );
      onTestFinished(() => onCluster([`drop owned by "${role}"`, `drop role "${role}"`], demo.adminDsn));
      return { dsn: changed(dsn, (url) => Object.assign(url, { username: role, password: 's3cret-4711' })) };
    },
    key: target,
    code: 'target_privilege_missing',
    where: () => `${demo.database}_poor`,
  },
  {
    name: 'a pg_dump older than the server',
    given: ({ folder }) => {
      const binDir = join(folder, 'old');
      mkdirSync(binDir);
      for (const tool of ['pg_dump', 'pg_restore']) {
        writeFileSync(join(binDir, tool), `#!/bin/sh\necho "${tool} (PostgreSQL) 9.6.24"\n`);
        chmodSync(join(binDir, tool), 0o755);
      }
      return { binDir };
    },
    key: 'tools',
    code: 'tool_too_old',
    where: ({ folder }) => `pg_dump 9.6.24 in ${join(folder, 'old')}`,
  },
  {
    name: 'no client tools at all',
    given: ({ folder }) => ({ binDir: folder }),
    key: 'tools',
    code: 'tool_missing',
    where: ({ folder }) => folder,
  },
  {
    name: 'a source that is missing',
    given: ({ folder }) => ({ sourcePath: join(folder, 'missing.db') }),
    key: 'source-opens',
    code: 'source_missing',
    where: ({ folder }) => join(folder, 'missing.db'),
  },
  {
    name: 'a folder that opening would have to create',
    given: ({ folder }) => ({ sourcePath: join(folder, 'no', 'such', 'app.db') }),
    key: 'source-opens',
    code: 'source_missing',
    where: ({ folder }) => join(folder, 'no', 'such', 'app.db'),
  },
  {
    name: 'an empty file, as a typing error makes it',
    given: ({ folder }) => {
      writeFileSync(join(folder, 'empty.db'), '');
      return { sourcePath: join(folder, 'empty.db') };
    },
    key: 'source-opens',
    code: 'source_empty',
    where: ({ folder }) => join(folder, 'empty.db'),
  },
  {
    name: 'a link that leads to a file',
    given: ({ folder, live }) => {
      symlinkSync(live, join(folder, 'link.db'));
      return { sourcePath: join(folder, 'link.db') };
    },
    key: 'source-opens',
    code: 'source_forbidden',
    where: ({ folder }) => join(folder, 'link.db'),
  },
  {
    name: 'a file that is no database',
    given: ({ folder }) => {
      writeFileSync(join(folder, 'letter.db'), 'Dear operator, this is a letter and no database at all.');
      return { sourcePath: join(folder, 'letter.db') };
    },
    key: 'source-opens',
    code: 'source_not_a_database',
    where: ({ folder }) => join(folder, 'letter.db'),
  },
  {
    name: 'a damaged schema page',
    given: async (now) => {
      const file = await copyOf(now, 'schema.db');
      const bytes = readFileSync(file);
      bytes.fill(0x5a, 100, 2_000);
      writeFileSync(file, bytes);
      return { sourcePath: file };
    },
    key: 'source-opens',
    code: 'source_damaged',
    where: ({ folder }) => join(folder, 'schema.db'),
  },
  {
    name: 'damaged rows, which only reading all of it shows',
    given: async (now) => {
      const file = await copyOf(now, 'rows.db');
      const db = new Database(file);
      const page = (
        db.prepare("select rootpage from sqlite_schema where name = 'video_notes'").get() as { rootpage: number }
      ).rootpage;
      const size = db.pragma('page_size', { simple: true }) as number;
      db.pragma('wal_checkpoint(truncate)');
      db.close();
      const bytes = readFileSync(file);
      bytes.fill(0xff, (page - 1) * size + 8, (page - 1) * size + 60);
      writeFileSync(file, bytes);
      return { sourcePath: file };
    },
    key: /^source-(opens|intact)$/,
    code: 'source_damaged',
    where: ({ folder }) => join(folder, 'rows.db'),
  },
  {
    name: 'a source that another process keeps locked',
    given: async (now) => {
      const file = await copyOf(now, 'locked.db');
      const db = new Database(file);
      db.pragma('journal_mode = delete');
      db.close();
      const hold = `const D = require('better-sqlite3'); const db = new D(${JSON.stringify(file)}); db.pragma('locking_mode = exclusive'); db.exec('begin exclusive'); console.log('held'); setInterval(() => {}, 1000);`;
      const holder = spawn(process.execPath, ['-e', hold], { stdio: ['ignore', 'pipe', 'inherit'] });
      onTestFinished(() => void holder.kill('SIGKILL'));
      await once(holder.stdout, 'data');
      return { sourcePath: file };
    },
    key: 'source-opens',
    code: 'source_locked',
    where: ({ folder }) => join(folder, 'locked.db'),
  },
  {
    name: 'a source id that the file does not know',
    given: () => ({ sourceId: 'assets_9', schema: 'sx_assets_9' }),
    key: 'source-id',
    code: 'source_id_unknown',
    where: ({ live }) => live,
  },
];

/** SQLite itself lays -wal and -shm beside a WAL database that is read. */
const treeOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => !/-(wal|shm)$/.test(name))
    .sort();
const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const schemas = () =>
  withTarget(demo.adminDsn, async (client) =>
    (await client.query<{ nspname: string }>('select nspname from pg_namespace order by 1')).rows.map(
      ({ nspname }) => nspname,
    ),
  );

async function preflight(change: Change): Promise<CheckpointResult[]> {
  const own = join(demo.home, 'bad');
  mkdirSync(own, { recursive: true });
  const secrets = { ...readSecretsFile(demo.secretsFile), ...(change.dsn ? { SX_POSTGRES_DSN: change.dsn } : {}) };
  const secretsFile = join(own, 'secrets.env');
  writeFileSync(
    secretsFile,
    Object.entries(secrets)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
  );
  let text = readFileSync(demo.fleetFile, 'utf8');
  const { profile } = openWalk({ ...demo, system: 'sx', sourceId: 'assets_1' }).fleet.find('sx', 'assets_1');
  if (change.sourcePath) text = text.replaceAll(sourceFile(profile.source), change.sourcePath);
  if (change.sourceId)
    text = text
      .replace('source_id: assets_1', `source_id: ${change.sourceId}`)
      .replace('schema: sx_assets_1', `schema: ${change.schema}`);
  const fleetFile = join(own, 'fleet.yaml');
  writeFileSync(fleetFile, text);
  const before = process.env.PG_BIN_DIR;
  if (change.binDir) process.env.PG_BIN_DIR = change.binDir;
  try {
    const walk = openWalk({
      fleetFile,
      secretsFile,
      home: demo.home,
      system: 'sx',
      sourceId: change.sourceId ?? 'assets_1',
    });
    const { entry, kind, params } = walk.stepOf('preflight');
    await kind.run(walk.ctx(entry), params);
    return (await kind.check(walk.ctx(entry), params)).checkpoints;
  } finally {
    if (before === undefined) delete process.env.PG_BIN_DIR;
    else process.env.PG_BIN_DIR = before;
  }
}

it('has nothing to say about the demo profile as it is', async () => {
  const failed = (await preflight({})).filter(({ verdict }) => verdict !== 'passed');
  expect(failed.map(({ key, evidence }) => `${key}: ${evidence.summary}`)).toEqual([]);
});

it.each(cases)('$name is refused with what, where, what to do and a code, and changes nothing', async (one) => {
  const folder = join(demo.home, 'given');
  mkdirSync(folder, { recursive: true });
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { profile } = openWalk({ ...demo, system: 'sx', sourceId: 'assets_1' }).fleet.find('sx', 'assets_1');
  const now: Given = { dsn: new URL(demo.secret('SX_POSTGRES_DSN')), folder, live: sourceFile(profile.source) };
  const change = await one.given(now);
  const before = { files: treeOf(folder), schemas: await schemas(), live: digest(now.live) };
  const checkpoints = await preflight(change);
  const found = checkpoints.find(
    ({ key, verdict }) => verdict === 'failed' && (typeof one.key === 'string' ? key === one.key : one.key.test(key)),
  );
  expect(found, checkpoints.map(({ key }) => key).join()).toMatchObject({ verdict: 'failed' });
  const said = `${found?.claim}: ${found?.evidence.summary}`;
  expect(said).toContain(`(${one.code})`);
  expect(said).toContain(one.where(now));
  expect(found?.evidence.summary.split(/[.;] /).length, said).toBeGreaterThanOrEqual(2);
  expect(JSON.stringify(checkpoints)).not.toMatch(/s3cret-4711/);
  expect({ files: treeOf(folder), schemas: await schemas(), live: digest(now.live) }).toEqual(before);
  if (one.code === 'source_missing' && change.sourcePath) expect(existsSync(change.sourcePath)).toBe(false);
});

it('refuses a fleet file with a mistake by file, line and what is expected, and nothing is read from it', async () => {
  const outside = await preflight({ sourcePath: '/etc/passwd' }).catch((thrown: Error) => thrown);
  expect(outside).toMatchObject({
    code: 'fleet_invalid',
    message: expect.stringMatching(/fleet\.yaml.*assets_1.*\/etc\/passwd/),
    advice: expect.stringMatching(/\.$/),
  });
  const bad = join(demo.home, 'bad', 'typo.yaml');
  writeFileSync(bad, readFileSync(demo.fleetFile, 'utf8').replace(/mode_variable:/, 'mode_varible:'));
  expect(() => openWalk({ ...demo, fleetFile: bad, system: 'sx', sourceId: 'assets_1' })).toThrow(
    expect.objectContaining({ code: 'fleet_invalid', message: expect.stringMatching(/typo\.yaml:\d+.*mode_var/s) }),
  );
});
