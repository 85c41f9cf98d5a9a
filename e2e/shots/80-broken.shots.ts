import { expect, test } from '@playwright/test';
import { leaveFailure, pageOf } from '../support/people';
import { startServers, stopServer } from '../support/processes';
import { planCutover } from '../support/walk';
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
