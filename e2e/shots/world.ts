import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { runPsql } from '../support/compare-independently';
import { targetDsn } from '../support/fleet';
import { home } from '../support/people';

const control = (sql: string): string => runPsql(process.env.CUTOVER_E2E_CONTROL ?? '', sql);

/** The target as its cluster's owner: damage needs no right that the product has. */
export function damageTarget(sql: string): string {
  const owner = new URL(process.env.CUTOVER_E2E_TARGET ?? '');
  owner.pathname = new URL(targetDsn()).pathname;
  return runPsql(owner.href, sql);
}

const fleetFile = (): string => `${home()}/fleet/fleet.yaml`;

/** From here on a wizard is answered what it reads now: four pictures may outlast the limit of a freeze. */
export async function keepReading(page: Page, cutoverId: string): Promise<() => Promise<void>> {
  const views = /\/api\/views\/wizard/;
  const body = await (await page.request.get('/api/views/wizard', { params: { cutoverId } })).text();
  await page.route(views, (route) => route.fulfill({ contentType: 'application/json', body }));
  return () => page.unroute(views);
}

/** While `work` runs nobody is admin, as before the first set-up. */
export async function withoutAdmin(work: () => Promise<void>): Promise<void> {
  control(`update "user" set role = 'was-' || role where role like '%admin%'`);
  try {
    await work();
  } finally {
    control(`update "user" set role = substr(role, 5) where role like 'was-%'`);
  }
}

/** While `work` runs the fleet file on disk reads differently. */
export async function withFleetFile(change: (text: string) => string, work: () => Promise<void>): Promise<void> {
  const text = readFileSync(fleetFile(), 'utf8');
  writeFileSync(fleetFile(), change(text));
  try {
    await work();
  } finally {
    writeFileSync(fleetFile(), text);
  }
}

/** Somebody edits a service's env file and forgets the restart. */
export function declareMode(service: string, mode: string, variable = 'SX_DB_BACKEND_MODE'): void {
  const file = `${home()}/fleet/env/${service}.env`;
  const line = new RegExp(`^${variable}=.*$`, 'm');
  writeFileSync(file, readFileSync(file, 'utf8').replace(line, `${variable}=${mode}`));
}

/** While `work` runs the worker is there and does not move. */
export const whileWorkerHangs = (work: () => Promise<void>): Promise<void> =>
  whileHanging(pidIn(`${home()}/run/worker.process.json`), work);

/** While `work` runs a service is there and does not answer. */
export const whileServiceHangs = (service: string, work: () => Promise<void>): Promise<void> =>
  whileHanging(pidIn(`${home()}/services/${service}.json`), work);

const pidIn = (file: string): number => (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid;

async function whileHanging(pid: number, work: () => Promise<void>): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  try {
    await work();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}
