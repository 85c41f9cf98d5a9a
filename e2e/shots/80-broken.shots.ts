import { expect, type Page } from '@playwright/test';
import { test } from '../support/test';
import type { CutoversDto } from '../../lib/views/dto';
import { leaveFailure, pageOf } from '../support/people';
import { startServers, stopServer } from '../support/processes';
import { planCutover, pressPrimary, waitForStep, wizardOf } from '../support/walk';
import { shoot, shootLive } from './camera';
import { withFleetFile } from './world';

test('a fleet without a profile', async ({ browser }) => {
  const page = await pageOf(browser, 'operator');
  await withFleetFile(
    (text) => `${text.slice(0, text.indexOf('systems:'))}systems: []\n`,
    async () => {
      await page.goto('/');
      await shootLive(page, 'fleet', 'empty');
    },
  );
});

test('panels that still wait for their reading', async ({ browser }) => {
  const page = await pageOf(browser, 'operator');
  const id = await planCutover(page, 'assets_3');
  await page.route(/\/api\/views\/(decision|wizard)/, () => undefined);
  await page
    .getByRole('link', { name: /^Abandon/ })
    .first()
    .click();
  await expect(page.getByText('Reading what this would do')).toBeVisible();
  await shoot(page, 'card', 'loading');
  await page.goto(`/cutovers/${id}`);
  await page
    .getByRole('tab', { name: 'Log' })
    .or(page.getByRole('link', { name: 'Log' }))
    .first()
    .click();
  await shoot(page, 'wizard-log', 'empty');
});

test('the target is down: a step fails with what to do, and the system check names it', async ({ browser }) => {
  const page = await pageOf(browser, 'operator');
  const admin = await pageOf(browser, 'admin');
  const id = await openOrPlanned(page, 'assets_3');
  await page.goto(`/cutovers/${id}`);
  await expect.poll(async () => (await wizardOf(page, id)).next.act?.disabledReason ?? null).toBeNull();
  stopServer('target');
  try {
    await pressPrimary(page, id);
    await waitForStep(page, id, 'preflight', ['failed', 'unknown']);
    await page.goto(`/cutovers/${id}`);
    await shootLive(page, 'wizard', '26-target-down');
    await admin.goto('/admin');
    await admin.getByRole('button', { name: 'Check again' }).click();
    const named = admin.getByText(/does not answer|refused|cannot be reached/i).first();
    await named.waitFor();
    await shootLive(admin, 'admin', 'target-down', named);
    await page.goto('/');
    await shootLive(page, 'fleet', 'target-down');
  } finally {
    await startServers();
  }
});

test('the control plane is down', async ({ browser }) => {
  const page = await pageOf(browser, 'operator');
  await leaveFailure(page);
  stopServer('control');
  try {
    await page.goto('/profiles/sx/assets_2');
    await expect(page.getByText(/--break-glass/)).toBeVisible();
    await shoot(page, 'profile', 'control-plane-down');
  } finally {
    await startServers();
  }
});

/** The open cutover of a profile, else a new one. */
async function openOrPlanned(page: Page, sourceId: string): Promise<string> {
  const { open } = (await (await page.request.get('/api/views/cutovers')).json()) as CutoversDto;
  return open.find((row) => row.sourceId === sourceId)?.id ?? planCutover(page, sourceId);
}
