import { expect } from '@playwright/test';
import { test } from '../support/test';
import { pageOf } from '../support/people';
import { shootLive } from './camera';
import { whileServiceHangs, whileWorkerHangs } from './world';

test('a service that does not answer is unknown, never healthy', async ({ browser }) => {
  const page = await pageOf(browser, 'operator');
  await whileServiceHangs('sx-assets-1', async () => {
    await expect
      .poll(async () => groupOf(await (await page.request.get('/api/views/fleet')).json(), 'assets-1'), {
        timeout: 60_000,
      })
      .toBe('unknown');
    await page.goto('/');
    await shootLive(page, 'fleet', 'unknown');
    await page.goto('/profiles/sx/assets-1');
    await shootLive(page, 'profile', 'unknown');
  });
});

test('a worker that does not answer is named, with since when', async ({ browser }) => {
  const page = await pageOf(browser, 'admin');
  await whileWorkerHangs(async () => {
    await page.goto('/');
    await expect(page.getByText(/No worker has answered for/)).toBeVisible({ timeout: 60_000 });
    await shootLive(page, 'fleet', 'worker-silent');
    await page.goto('/admin');
    await shootLive(page, 'admin', 'worker-silent');
  });
});

const groupOf = (fleet: { rows: { sourceId: string; group: string }[] }, sourceId: string): string | undefined =>
  fleet.rows.find((row) => row.sourceId === sourceId)?.group;
