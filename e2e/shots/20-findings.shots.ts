import { expect } from '@playwright/test';
import { test } from '../support/test';
import { pageOf } from '../support/people';
import { decide, planCutover, pressPrimary, waitForStep } from '../support/walk';
import { shootForReadme, shootLive } from './camera';

test('a cutover whose preflight finds values that do not fit, until it is abandoned', async ({ browser }) => {
  const page = await pageOf(browser, 'operator');
  const id = await planCutover(page, 'assets_3');
  await shootLive(page, 'wizard', '01-planned');
  await pressPrimary(page, id);
  await waitForStep(page, id, 'preflight', ['failed', 'waiting', 'unknown']);
  await page.goto(`/cutovers/${id}`);
  await shootLive(page, 'wizard', '02-failed');
  for (const tab of ['plan', 'log', 'checkpoints', 'attempts'] as const) {
    await page.goto(`/cutovers/${id}?step=preflight&tab=${tab}`);
    if (tab === 'log') await expect(page.getByRole('log')).not.toBeEmpty();
    await shootLive(page, `wizard-${tab}`, 'failed');
  }
  await page.goto(`/cutovers/${id}?step=import`);
  await shootLive(page, 'wizard', '03-locked');
  await page.goto('/profiles/sx/assets_3');
  await shootLive(page, 'profile', 'in-cutover');
  const wide = await pageOf(browser, 'operator', {
    deviceScaleFactor: 2,
    colorScheme: 'light',
    viewport: { width: 1280, height: 800 },
  });
  await wide.goto(`/cutovers/${id}?step=preflight&tab=checkpoints`);
  await wide.getByRole('region', { name: 'Findings' }).evaluate((region) => region.scrollIntoView());
  await shootForReadme(wide, 'findings');
  await page.goto(`/cutovers/${id}?card=abandon`);
  await shootLive(page, 'card', 'abandon');
  await page.goto(`/cutovers/${id}`);
  await decide(page, /^Abandon/, 'assets_3', /^Abandon/);
  await page
    .getByText(/abandoned/i)
    .first()
    .waitFor();
  await page.goto(`/cutovers/${id}`);
  await shootLive(page, 'wizard', '12-abandoned');
});
