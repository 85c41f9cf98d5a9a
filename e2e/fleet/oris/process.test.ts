import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { makeRuntime } from './fixture';

const start = (env: Record<string, string>) =>
  execa(process.execPath, [join(import.meta.dirname, 'service.mjs')], {
    env: { PATH: process.env.PATH ?? '', ...env },
    extendEnv: false,
    reject: false,
  });

it('ends with 0 on SIGTERM, with 2 on an environment it cannot honour, and with 1 without its database', async () => {
  const { env } = await makeRuntime('sqlite');
  const child = start(env);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await new Promise<void>((resolve) => {
    child.stdout?.once('data', () => resolve());
  });
  child.kill('SIGTERM');
  expect((await child).exitCode).toBe(0);
  expect(await start({ ...env, ORIS_RUNTIME_BACKEND: 'mysql' })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('ORIS_RUNTIME_BACKEND'),
  });
  const away = { ...env, ORIS_RUNTIME_BACKEND: 'postgres', ORIS_POSTGRES_DSN: 'postgres://nobody@127.0.0.1:1/none' };
  expect((await start(away)).exitCode).toBe(1);
});
