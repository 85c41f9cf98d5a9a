import { expect } from '@playwright/test';
import { test } from './support/test';
import { look } from './support/look';
import { consoleUrl, pageOf } from './support/people';
import { decide, planCutover, pressPrimary, waitForStep, wizardOf } from './support/walk';

test.describe.configure({ mode: 'serial' });

test('the pages for everybody are accessible and narrow', async ({ page }) => {
  for (const path of ['/sign-in', '/setup', '/new-password']) await look(page, `${consoleUrl()}${path}`);
});

test('the pages of an admin are accessible and narrow', async ({ browser }) => {
  const page = await pageOf(browser, 'admin');
  const profile = '/profiles/sx/assets_1';
  const tabs = ['snapshots', 'cutovers', 'registry', 'configuration'].map((tab) => `${profile}?tab=${tab}`);
  const lists = ['/cutovers', '/reviews', '/runbooks', '/runbooks/sx-postgres-primary', '/audit', '/admin', '/account'];
  for (const path of ['/', profile, ...tabs, ...lists, '/nowhere']) await look(page, path);
});

test('the wizard of a cutover that stands still is accessible and narrow, and so is its card', async ({ browser }) => {
  const page = await pageOf(browser, 'operator');
  await look(page, '/cutovers/new?system=sx&source=assets_3');
  await look(page, '/move');
  await look(page, `/cutovers/wave?profile=${encodeURIComponent('["sx","assets_1"]')}`);
  const id = await planCutover(page, 'assets_3');
  await pressPrimary(page, id);
  await waitForStep(page, id, 'preflight', ['failed', 'waiting', 'unknown']);
  const ofStep = ['plan', 'log', 'checkpoints', 'attempts'].map((tab) => `?step=preflight&tab=${tab}`);
  for (const query of [...ofStep, '?step=sign-off', '?card=abandon']) await look(page, `/cutovers/${id}${query}`);
  await page.goto(`/cutovers/${id}`);
  await decide(page, /^Abandon/, 'assets_3', /^Abandon/);
  await expect.poll(async () => (await wizardOf(page, id)).state).toBe('abandoned');
  await look(page, `/cutovers/${id}`);
});
