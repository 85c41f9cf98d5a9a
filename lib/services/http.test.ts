import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProfileEntry, ServiceEntry } from '@/lib/fleet/schema';
import { tempDir } from '@/lib/testing/databases';
import { callService, callUrl } from './http';
import { observeProfile } from './observe';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('calling a service', () => {
  it('follows no redirect, so an answer cannot send the console elsewhere', async () => {
    let asked = 0;
    const inner = await serve((_, response) => {
      asked += 1;
      response.end('{}');
    });
    const url = await serve((_, response) => {
      response.writeHead(302, { location: `${inner}/metadata` }).end();
    });
    expect((await callService(url, { path: '/health' })).status).toBe(302);
    expect(asked).toBe(0);
  });

  it('refuses a path that leaves the instance', () => {
    for (const bad of ['//evil.example/x', '/\\evil.example/x', 'http://evil.example/']) {
      expect(() => callUrl('http://127.0.0.1:1', { path: bad })).toThrow(/leads away/);
    }
  });

  it('cuts an endless answer and a silent one', async () => {
    const flood = await serve((_, response) => {
      const timer = setInterval(() => response.write('x'.repeat(20_000)), 1);
      response.on('close', () => clearInterval(timer));
    });
    await expect(callService(flood, { path: '/' })).rejects.toMatchObject({
      code: 'service_unreachable',
      message: expect.stringContaining('longer than 65536 bytes'),
    });
    const silent = await serve(() => undefined);
    await expect(callService(silent, { path: '/' }, { timeoutMs: 100 })).rejects.toMatchObject({
      message: expect.stringContaining('within 0.1 s'),
    });
  });
});

describe('observing a profile', () => {
  const profile = { source_id: 'a', headers: {} } as unknown as ProfileEntry;
  const noSecret = (): string => '';
  const serviceOf = (instances: string[], env: string): ServiceEntry => {
    const folder = tempDir('observe');
    process.env.CUTOVER_HOME = folder;
    const file = path.join(folder, 'a.env');
    writeFileSync(file, env);
    return {
      name: 'svc',
      instances,
      env_file: file,
      env_allow: ['SX_DB_BACKEND_MODE'],
      mode_variable: 'SX_DB_BACKEND_MODE',
      restart: { kind: 'command', argv: ['true'], cwd: '/' },
      observe: {
        path: '/health',
        ok: 'ok',
        mode: 'backend.backend',
        modes: { sqlite: 'SQLITE', postgres_primary: 'POSTGRES_PRIMARY' },
      },
    } as unknown as ServiceEntry;
  };
  const says = (backend: unknown, ok: unknown = true) =>
    serve((_, response) => {
      response.end(JSON.stringify({ ok, backend: { backend } }));
    });

  it('agrees when env file and every instance say the same', async () => {
    const service = serviceOf([await says('sqlite'), await says('sqlite')], 'SX_DB_BACKEND_MODE=SQLITE\n');
    expect(await observeProfile(profile, service, noSecret)).toMatchObject({
      declared: 'SQLITE',
      observed: 'SQLITE',
      healthy: true,
      cause: null,
    });
  });

  it('asks with a header from a secret, and takes the health word that the fleet file names', async () => {
    const url = await serve((request, response) => {
      const known = request.headers.authorization === 'Bearer open sesame';
      response.writeHead(known ? 200 : 401).end(JSON.stringify({ status: 'ok', backend: { backend: 'sqlite' } }));
    });
    const service = serviceOf([url], 'SX_DB_BACKEND_MODE=SQLITE\n');
    const told = { ...service, observe: { ...service.observe, ok: { path: 'status', equals: 'ok' } } };
    const headers = { Authorization: { secret: 'API_TOKEN', prefix: 'Bearer ' } };
    const asking = { ...profile, headers };
    const secret = (name: string): string => (name === 'API_TOKEN' ? 'open sesame' : '');
    expect(await observeProfile(asking, told, secret)).toMatchObject({ observed: 'SQLITE', healthy: true });
    expect(await observeProfile(asking, told, noSecret)).toMatchObject({ observed: null, healthy: false });
    const other = { ...told, observe: { ...told.observe, ok: { path: 'status', equals: 'fine' } } };
    expect(await observeProfile(asking, other, secret)).toMatchObject({ observed: 'SQLITE', healthy: false });
  });

  it('names a restart that did not happen', async () => {
    const service = serviceOf([await says('sqlite')], 'SX_DB_BACKEND_MODE=POSTGRES_PRIMARY\n');
    expect(await observeProfile(profile, service, noSecret)).toMatchObject({
      observed: 'SQLITE',
      cause: expect.stringContaining('not restarted'),
    });
  });

  it('names a misspelt variable', async () => {
    const service = serviceOf([await says('sqlite')], 'SXX_DB_BACKEND_MODE=POSTGRES_PRIMARY\n');
    expect(await observeProfile(profile, service, noSecret)).toMatchObject({
      declared: null,
      cause: expect.stringContaining('It holds SXX_DB_BACKEND_MODE'),
    });
  });

  it('leaves unknown unknown: instances that differ, a word nobody listed, a broken answer, no answer', async () => {
    const differ = serviceOf([await says('sqlite'), await says('postgres_primary')], 'SX_DB_BACKEND_MODE=SQLITE\n');
    expect(await observeProfile(profile, differ, noSecret)).toMatchObject({
      observed: null,
      cause: expect.stringContaining('Instances differ'),
    });
    expect(
      await observeProfile(profile, serviceOf([await says('mysql')], 'SX_DB_BACKEND_MODE=SQLITE\n'), noSecret),
    ).toMatchObject({ observed: null, cause: expect.stringContaining('mysql') });
    expect(
      await observeProfile(profile, serviceOf([await says({ a: 1 })], 'SX_DB_BACKEND_MODE=SQLITE\n'), noSecret),
    ).toMatchObject({ observed: null });
    expect(
      await observeProfile(profile, serviceOf(['http://127.0.0.1:9'], 'SX_DB_BACKEND_MODE=SQLITE\n'), noSecret),
    ).toMatchObject({ observed: null, healthy: false, cause: expect.stringContaining('do') });
    expect(
      await observeProfile(profile, serviceOf([await says('sqlite', 'yes')], 'SX_DB_BACKEND_MODE=SQLITE\n'), noSecret),
    ).toMatchObject({ observed: 'SQLITE', healthy: false });
  });
});
