import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { serviceEntry, type ServiceEntry } from '@/lib/fleet/schema';
import { secretsOfService } from '@/lib/fleet/secret-names';
import { tempDir } from '@/lib/testing/databases';
import { withHostLock } from './host-lock';
import { serviceEnv } from './managed-process';
import { restartService, runArgv } from './restart';
import { commandArgv, commandCwd, commandEnv } from './service-command';

const held: Record<string, string> = { TENANT_A_DSN: 'dsn-a', ADMIN_DSN: 'dsn-admin', TOKEN: 'token', CALL: 'call' };
const secret = (name: string): string => held[name] ?? '';

/** A service whose every process writes its own environment into a file. */
function service(restart: 'managed' | 'command'): { entry: ServiceEntry; told(): Record<string, string> } {
  const folder = tempDir('command');
  process.env.CUTOVER_HOME = folder;
  const out = path.join(folder, 'told.json');
  const argv = [
    process.execPath,
    '-e',
    `require('node:fs').writeFileSync(${JSON.stringify(out)}, JSON.stringify(process.env))`,
  ];
  writeFileSync(path.join(folder, 'a.env'), 'MODE=file\n');
  const entry = serviceEntry.parse({
    name: 'svc',
    instances: ['http://127.0.0.1:1'],
    env_file: path.join(folder, 'a.env'),
    env_allow: ['MODE'],
    log_file: path.join(folder, 'a.log'),
    restart: {
      kind: restart,
      argv,
      cwd: folder,
      env: { PORT: '1' },
      env_secrets: { DSN: 'TENANT_A_DSN', TOKEN: 'TOKEN' },
    },
    observe: { path: '/health', ok: { path: 'status', equals: 'ok' }, mode: 'm', modes: {} },
    mode_variable: 'MODE',
    cli: {
      cwd: folder,
      env_secrets: ['CALL'],
      commands: { plain: argv, admin: { argv, env: { LANE: 'admin' }, env_secrets: { DSN: 'ADMIN_DSN' } } },
    },
  });
  return { entry, told: () => JSON.parse(readFileSync(out, 'utf8')) as Record<string, string> };
}

describe('secrets of a service', () => {
  it('reach each process under the name that it reads, and the console knows them by theirs', async () => {
    const { entry, told } = service('managed');
    expect(serviceEnv(entry, secret)).toMatchObject({ DSN: 'dsn-a', TOKEN: 'token', PORT: '1', MODE: 'file' });
    expect(secretsOfService(entry).sort()).toEqual(['ADMIN_DSN', 'CALL', 'TENANT_A_DSN', 'TOKEN']);
    for (const [name, wanted] of [
      ['plain', { DSN: 'dsn-a', CALL: 'call' }],
      ['admin', { DSN: 'dsn-admin', CALL: 'call', LANE: 'admin', TOKEN: 'token' }],
    ] as const) {
      const env = commandEnv(entry, name, secret);
      await runArgv(commandArgv(entry, name, {}), { cwd: commandCwd(entry), env, seconds: 20 });
      expect(told()).toMatchObject(wanted);
    }
    expect(told()).not.toHaveProperty('TENANT_A_DSN');
  });

  it('reach a restart command too', async () => {
    const { entry, told } = service('command');
    await withHostLock({ service: 'svc', attemptId: 'a', epoch: 1 }, (lock) => restartService(entry, secret, lock));
    expect(told()).toMatchObject({ DSN: 'dsn-a', TOKEN: 'token', PORT: '1' });
  });
});
