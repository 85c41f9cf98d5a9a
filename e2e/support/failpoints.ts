import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import type { AdminDto } from '../../lib/views/dto';
import { home } from './people';
import { killProcess, pidOf } from './processes';

const place = (name: string): string => `${home()}/failpoints/${name}`;

/** From now on work blocks when it reaches this place. */
export const blockAt = (name: string): void => writeFileSync(place(name), 'block');
export const unblock = (name: string): void => {
  rmSync(place(name), { force: true });
  rmSync(`${place(name)}.hit`, { force: true });
};
/** After a test that ended early nothing may block those that follow. */
export const unblockAll = (): void => {
  for (const name of readdirSync(`${home()}/failpoints`)) rmSync(place(name), { force: true });
};
export const reached = async (name: string): Promise<void> => {
  await expect.poll(() => existsSync(`${place(name)}.hit`), { timeout: 120_000 }).toBe(true);
};

/** kill -9 of the worker; returns when the launcher has started another and the page's server sees it. */
export async function killWorker(page: Page): Promise<void> {
  const old = killProcess('worker');
  await expect.poll(() => pidOf('worker'), { timeout: 60_000 }).not.toBe(old);
  const seen = async () =>
    ((await (await page.request.get('/api/views/admin')).json()) as AdminDto).workers.map(({ pid }) => pid);
  await expect.poll(seen, { timeout: 60_000 }).toContain(pidOf('worker'));
}
