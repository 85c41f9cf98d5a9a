import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { home } from './people';

const place = (name: string): string => `${home()}/failpoints/${name}`;

/** From now on work blocks when it reaches this place. */
export const blockAt = (name: string): void => writeFileSync(place(name), 'block');
export const unblock = (name: string): void => {
  rmSync(place(name), { force: true });
  rmSync(`${place(name)}.hit`, { force: true });
};
export const reached = async (name: string): Promise<void> => {
  await expect.poll(() => existsSync(`${place(name)}.hit`), { timeout: 120_000 }).toBe(true);
};

const workerPid = (): number =>
  (JSON.parse(readFileSync(`${home()}/run/worker.process.json`, 'utf8')) as { pid: number }).pid;

/** kill -9 of the worker; returns when the launcher has started another and the page's server sees it. */
export async function killWorker(page: Page): Promise<void> {
  const old = workerPid();
  process.kill(old, 'SIGKILL');
  await expect.poll(workerPid, { timeout: 60_000 }).not.toBe(old);
  await expect
    .poll(
      async () =>
        ((await (await page.request.get('/api/views/admin')).json()) as { workers: { pid: number }[] }).workers.map(
          ({ pid }) => pid,
        ),
      {
        timeout: 60_000,
      },
    )
    .toContain(workerPid());
}
