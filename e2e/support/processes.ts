import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { postgresAccount } from '../../lib/launcher/account.mjs';
import { Cluster } from '../../lib/launcher/cluster.mjs';
import { findPostgres } from '../../lib/launcher/find-postgres.mjs';
import { isAlive } from '../../lib/launcher/process-birth.mjs';
import { consoleUrl, home } from './people';

type Process = { pid: number; birth: string };
const recordOf = (name: 'web' | 'worker'): Process =>
  JSON.parse(readFileSync(`${home()}/run/${name}.process.json`, 'utf8')) as Process;

/** kill -9, unless it is dead already and its successor not yet there. @returns the pid that was */
export function killProcess(name: 'web' | 'worker'): number {
  const record = recordOf(name);
  if (isAlive(record)) process.kill(record.pid, 'SIGKILL');
  return record.pid;
}

export const pidOf = (name: 'web' | 'worker'): number => recordOf(name).pid;

/** kill -9 of a service of the demo; whoever supervises it may start it again. */
export function killService(name: string): void {
  const record = JSON.parse(readFileSync(`${home()}/services/${name}.json`, 'utf8')) as Process;
  if (isAlive(record)) process.kill(record.pid, 'SIGKILL');
}

const clusterOf = (name: 'control' | 'target'): Cluster =>
  new Cluster({
    dir: `${home()}/${name}`,
    binDir: findPostgres()?.binDir,
    account: postgresAccount(),
  } as ConstructorParameters<typeof Cluster>[0]);
const mark = (name: 'control' | 'target'): string => `${home()}/${name}/stopped-on-purpose`;

/** Takes a database server down, as a power cut does; the launcher leaves it so. */
export function stopServer(name: 'control' | 'target'): void {
  writeFileSync(mark(name), '');
  clusterOf(name).stop('immediate');
}

/** The launcher sees that the mark is gone and starts the servers again; returns when the console answers with data. */
export async function startServers(): Promise<void> {
  for (const name of ['control', 'target'] as const) rmSync(mark(name), { force: true });
  await expect
    .poll(() => clusterOf('control').isRunning() && clusterOf('target').isRunning(), { timeout: 60_000 })
    .toBe(true);
  await expect
    .poll(async () => (await fetch(`${consoleUrl()}/api/health`).catch(() => null))?.status, { timeout: 60_000 })
    .toBe(200);
}
