import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isListening } from '@/lib/services/scratch-server';
import { type DemoFleet, openDemoFleet } from '@/lib/testing/demo-fleet';
import { commandLine } from './testing/command-line';

describe('cutover run SYSTEM/SOURCE_ID', () => {
  let demo: DemoFleet;
  const start = () =>
    commandLine({
      CUTOVER_HOME: demo.home,
      CUTOVER_FLEET: demo.fleetFile,
      CUTOVER_SECRETS: demo.secretsFile,
      CUTOVER_RUNBOOKS: path.resolve('lib/runbooks'),
    });
  const scratch = () => readdirSync(path.join(demo.home, 'scratch'));

  beforeAll(async () => {
    demo = await openDemoFleet(['fabio/filial'], ['fabio']);
  }, 120_000);
  afterAll(async () => {
    await demo?.close();
  });

  it('smokes on a PostgreSQL of its own, keeps it when asked, and leaves nothing the next time', async () => {
    const line = await start();
    const run = (...more: string[]) =>
      line.cutover('run', 'fabio/filial', '--runbook', 'fabio-smoke', '--yes', '--json', ...more);
    const kept = await run('--keep');
    expect([kept.code, kept.err]).toEqual([0, '']);
    type Claim = { claim: string; verdict: string; summary: string };
    const { claims } = JSON.parse(kept.out) as { claims: Claim[] };
    expect(claims.every(({ verdict }) => verdict === 'passed')).toBe(true);
    expect(claims.map(({ claim }) => claim)).toContain('The rows are in the three tables, and no others');
    const ports = claims.flatMap(({ summary }) => /^kept at 127\.0\.0\.1:(\d+)/.exec(summary)?.[1] ?? []);
    expect([ports.length, scratch().length]).toEqual([2, 2]);
    expect(await Promise.all(ports.map((port) => isListening(Number(port))))).toEqual([true, true]);
    const again = await run();
    expect(again.code).toBe(0);
    expect(again.out).toContain('was removed');
    expect(await Promise.all(ports.map((port) => isListening(Number(port))))).toEqual([false, false]);
    expect(scratch()).toEqual([]);
    expect(existsSync(path.join(demo.home, 'fleet/shadow'))).toBe(false);
  }, 120_000);

  it('refuses a runbook that acts on the profile itself, and says where that is done', async () => {
    const line = await start();
    const { code, err } = await line.cutover('run', 'fabio/filial', '--yes');
    expect(code).toBe(1);
    expect(err).toContain('preflight of fabio-file-to-postgres acts on fabio/filial itself');
    expect(err).toContain('New cutover');
  }, 60_000);
});
