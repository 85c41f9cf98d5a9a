import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { sourceFile } from '@/lib/fleet/source-files';
import { badSources } from '@/lib/testing/bad-sources';
import { badTargets } from '@/lib/testing/bad-targets';
import { type DemoFleet, openDemoFleet } from '@/lib/testing/demo-fleet';
import { digest, preflight, schemas, treeOf } from '@/lib/testing/refused-preflight';
import { openWalk } from '@/lib/testing/walk-context';

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

it('has nothing to say about the demo profile as it is', async () => {
  const failed = (await preflight(demo, {})).filter(({ verdict }) => verdict !== 'passed');
  expect(failed.map(({ key, evidence }) => `${key}: ${evidence.summary}`)).toEqual([]);
});

it.each([...badTargets, ...badSources])(
  '$name is refused with what, where, what to do and a code, and changes nothing',
  async (one) => {
    const folder = join(demo.home, 'fleet', 'given');
    mkdirSync(folder, { recursive: true });
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { profile } = openWalk({ ...demo, system: 'sx', sourceId: 'assets_1' }).fleet.find('sx', 'assets_1');
    const now = {
      dsn: new URL(demo.secret('SX_POSTGRES_DSN')),
      folder,
      live: sourceFile(profile.source),
      demo,
      freePort,
    };
    const change = await one.given(now);
    const before = { files: treeOf(folder), schemas: await schemas(demo), live: digest(now.live) };
    const checkpoints = await preflight(demo, change);
    const found = checkpoints.find(
      ({ key, verdict }) => verdict === 'failed' && (typeof one.key === 'string' ? key === one.key : one.key.test(key)),
    );
    expect(found, checkpoints.map(({ key }) => key).join()).toMatchObject({ verdict: 'failed' });
    const said = `${found?.claim}: ${found?.evidence.summary}`;
    expect(said).toContain(`(${one.code})`);
    expect(said).toContain(one.where(now));
    expect(found?.evidence.summary.split(/[.;] /).length, said).toBeGreaterThanOrEqual(2);
    expect(JSON.stringify(checkpoints)).not.toMatch(/s3cret-4711/);
    expect({ files: treeOf(folder), schemas: await schemas(demo), live: digest(now.live) }).toEqual(before);
    if (one.code === 'source_missing' && change.sourcePath) expect(existsSync(change.sourcePath)).toBe(false);
  },
);

it('refuses a fleet file with a mistake by file, line and what is expected, and nothing is read from it', async () => {
  const outside = await preflight(demo, { sourcePath: '/etc/passwd' }).catch((thrown: Error) => thrown);
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
