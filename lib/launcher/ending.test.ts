import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { postgresAccount } from '@/lib/launcher/account.mjs';
import { findPostgres } from '@/lib/launcher/find-postgres.mjs';
import { scratchHome } from '@/lib/launcher/home.mjs';
import { end, identify, isAlive, type ProcessRecord } from '@/lib/launcher/process-birth.mjs';
import { runSlow } from '@/lib/launcher/slow-step.mjs';
import { supervise } from '@/lib/launcher/supervise.mjs';
import { tempDir } from '@/lib/testing/databases';

const moduleUrl = (name: string) => JSON.stringify(join(process.cwd(), 'lib/launcher', name));
const child = 'process.on("disconnect", () => process.exit(0)); setInterval(() => {}, 1000);';
const service = 'setInterval(() => {}, 1000);';

/** A launcher in small: caretaker, one private cluster, one supervised process, one detached demo service. */
const launcher = (home: string) => `
  import { spawn } from 'node:child_process';
  import { writeFileSync } from 'node:fs';
  import { startCaretaker } from ${moduleUrl('caretaker.mjs')};
  import { Cluster } from ${moduleUrl('cluster.mjs')};
  import { identify } from ${moduleUrl('process-birth.mjs')};
  import { supervise } from ${moduleUrl('supervise.mjs')};
  const home = ${JSON.stringify(home)};
  const cluster = ${JSON.stringify({ dir: join(home, 'control'), binDir: findPostgres()?.binDir, account: postgresAccount(), settings: { fsync: 'off' } })};
  startCaretaker({ home, clusters: [cluster], services: true, removeHome: true });
  await new Cluster(cluster).open();
  const service = spawn(process.execPath, ['-e', ${JSON.stringify(service)}], { detached: true, stdio: 'ignore' });
  writeFileSync(home + '/services/sx.json', JSON.stringify(identify(service.pid)));
  const kept = supervise({ name: 'web', argv: [process.execPath, '-e', ${JSON.stringify(child)}], env: process.env, cwd: home, home });
  console.log(JSON.stringify({ web: kept.record, service: identify(service.pid) }));`;

function homeWithFolders() {
  const home = scratchHome('ending');
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  for (const name of ['run', 'log', 'services']) mkdirSync(join(home, name));
  return home;
}

it('leaves nothing behind when the launcher is killed without mercy', async () => {
  const home = homeWithFolders();
  const started = spawn(process.execPath, ['--input-type=module', '-e', launcher(home)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve) => started.stdout.once('data', (chunk) => resolve(String(chunk))));
  const { web, service } = JSON.parse(line) as Record<'web' | 'service', ProcessRecord>;
  const postmaster = identify(Number(readFileSync(join(home, 'control/pg/postmaster.pid'), 'utf8').split('\n')[0]));
  expect([web, service, postmaster].map(isAlive)).toEqual([true, true, true]);
  started.kill('SIGKILL');
  await vi.waitFor(() => expect(existsSync(home)).toBe(false), { timeout: 15_000 });
  expect([web, service, postmaster].map(isAlive)).toEqual([false, false, false]);
});

it('starts a dead process again, and a stopped one never', async () => {
  const home = homeWithFolders();
  const kept = supervise({ name: 'worker', argv: [process.execPath, '-e', child], env: process.env, cwd: home, home });
  const first = { ...kept.record } as ProcessRecord;
  process.kill(first.pid, 'SIGKILL');
  await vi.waitFor(() => {
    expect(kept.record?.pid).not.toBe(first.pid);
    expect(isAlive(kept.record)).toBe(true);
  }, 5_000);
  const second = { ...kept.record } as ProcessRecord;
  await kept.stop();
  expect(isAlive(second)).toBe(false);
});

it('ends what a killed launcher left working before it starts the same step anew', async () => {
  const dir = tempDir('slow');
  const left = spawn(process.execPath, ['-e', service], { detached: true, stdio: 'ignore' });
  const record = identify(left.pid);
  writeFileSync(join(dir, 'npm-ci.pid.json'), JSON.stringify(record));
  await runSlow({ name: 'npm-ci', argv: [process.execPath, '-e', ''], cwd: dir, env: process.env, dir });
  expect(isAlive(record)).toBe(false);
  await end(record);
});

it('shows the end of its log when a slow step fails', async () => {
  const dir = tempDir('slow');
  const failing = runSlow({
    name: 'build',
    argv: [process.execPath, '-e', 'console.log("no such page"); process.exit(3)'],
    cwd: dir,
    env: process.env,
    dir,
  });
  await expect(failing).rejects.toThrow(/ended with 3[\s\S]*no such page/);
});
