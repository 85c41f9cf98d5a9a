import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { tempDir } from '@/lib/testing/databases';
import { withHostLock } from './host-lock';
import {
  readProcessRecord,
  restartManaged,
  runningProcess,
  startManaged,
  stopManaged,
  superviseManaged,
} from './managed-process';
import { birthOf } from './process-birth';

const secret = (name: string): string => ({ SX_POSTGRES_DSN: 'postgres://u:p@h/d' })[name] ?? '';
let folder: string;
beforeEach(() => {
  folder = tempDir('managed');
  process.env.CUTOVER_HOME = folder;
});

/** A service that writes its environment to a file and lives; `stubborn` ignores SIGTERM. */
function service(stubborn = false): ServiceEntry {
  const envFile = path.join(folder, 'a.env');
  if (!existsSync(envFile)) writeFileSync(envFile, 'MODE=one\nFROM_LIST=env file wins\n');
  const script = `require('fs').writeFileSync('env.json', JSON.stringify(process.env)); ${stubborn ? "process.on('SIGTERM', () => {});" : ''} setInterval(() => {}, 1000)`;
  const entry = {
    name: 'svc',
    instances: ['http://127.0.0.1:1'],
    env_file: envFile,
    env_allow: ['MODE'],
    log_file: 'x',
    ready_seconds: 1,
    restart: {
      kind: 'managed',
      argv: [process.execPath, '-e', script],
      cwd: folder,
      env: { FROM_LIST: 'list', PORT: '1' },
      env_secrets: ['SX_POSTGRES_DSN'],
      stop_seconds: 0.3,
    },
    observe: { path: '/', ok: 'ok', mode: 'm', modes: {} },
    mode_variable: 'MODE',
  } as unknown as ServiceEntry;
  onTestFinished(async () => {
    await stopManaged(entry);
  });
  return entry;
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 200) throw new Error('it never came');
    await sleep(20);
  }
}

describe('managed process', () => {
  it('starts once: a second start adopts the process that runs', async () => {
    const entry = service();
    const first = await startManaged(entry, secret);
    expect(await startManaged(entry, secret)).toEqual(first);
    expect(runningProcess('svc')?.pid).toBe(first.pid);
  });

  it("gives the child a listed environment only: nothing of the console's own", async () => {
    process.env.DATABASE_URL = 'postgres://console';
    process.env.PGPASSWORD = 'console';
    onTestFinished(() => {
      delete process.env.DATABASE_URL;
      delete process.env.PGPASSWORD;
    });
    await startManaged(service(), secret);
    const file = path.join(folder, 'env.json');
    await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('}'));
    const env = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    expect(env).toMatchObject({
      MODE: 'one',
      FROM_LIST: 'env file wins',
      PORT: '1',
      SX_POSTGRES_DSN: 'postgres://u:p@h/d',
    });
    expect(Object.keys(env).filter((name) => name.startsWith('PG') || name === 'DATABASE_URL')).toEqual([]);
    expect(readFileSync(path.join(folder, 'services', 'svc.json'), 'utf8')).not.toContain('postgres://');
  });

  it('kills a process that ignores SIGTERM, and the old one is gone before the new one starts', async () => {
    const entry = service(true);
    const first = await startManaged(entry, secret);
    await until(() => existsSync(path.join(folder, 'env.json')));
    const second = await restartManaged(entry, secret);
    expect(birthOf(first.pid)).not.toBe(first.birth);
    expect(second.pid).not.toBe(first.pid);
  });

  it('is on record as soon as it runs, although who started it ended in the same moment', () => {
    const entry = service();
    const script = `const { startManaged } = await import(${JSON.stringify(path.resolve('lib/services/managed-process.ts'))});
      void startManaged(${JSON.stringify(entry)}, () => 'postgres://u:p@h/d');
      setImmediate(() => process.exit(3));`;
    const argv = ['--import', 'tsx', '--input-type=module', '-e', script];
    expect(spawnSync(process.execPath, argv, { encoding: 'utf8' }).status).toBe(3);
    expect(runningProcess('svc')?.pid).toBeGreaterThan(0);
  });

  it('never takes a process for its own by the pid alone', async () => {
    const entry = service();
    await startManaged(entry, secret);
    const record = readProcessRecord('svc');
    const file = path.join(folder, 'services', 'svc.json');
    writeFileSync(file, JSON.stringify({ ...record, pid: process.pid, birth: 'another' }));
    expect(runningProcess('svc')).toBeNull();
    expect(await stopManaged(entry)).toBe('not running');
    writeFileSync(file, JSON.stringify(record));
  });

  it('is started again when it died, but neither when stopped on purpose nor while it is being changed', async () => {
    const entry = service();
    const first = await startManaged(entry, secret);
    process.kill(first.pid, 'SIGKILL');
    await until(() => runningProcess('svc') === null);
    await withHostLock({ service: 'svc', attemptId: 'a', epoch: 1 }, async () => {
      expect(await superviseManaged(entry, secret)).toBe('being changed');
    });
    const both = await Promise.all([superviseManaged(entry, secret), superviseManaged(entry, secret)]);
    expect(both.filter((one) => one === 'started')).toHaveLength(1);
    await stopManaged(entry);
    expect(await superviseManaged(entry, secret)).toBe('stopped on purpose');
    expect(runningProcess('svc')).toBeNull();
  });
});
