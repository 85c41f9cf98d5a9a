import { expect, type Page, test } from '@playwright/test';
import { findAxeTroubles, findSideways, rulesOfTheme } from './support/look';
import { consoleUrl, pageOf } from './support/people';
import { decide, planCutover, pressPrimary, waitForStep } from './support/walk';

test.describe.configure({ mode: 'serial' });

/** What is measured at once after a change of width is the page on its way. */
const softly = expect.configure({ soft: true });

/** Both themes by axe, and the narrow width; a page that does not hold is named and the others are still looked at. */
async function look(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator('main').first()).toBeVisible();
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  expect.soft(await findAxeTroubles(page), `${path}, dark`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  expect.soft(await findAxeTroubles(page, rulesOfTheme), `${path}, light`).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await softly.poll(() => findSideways(page), `${path}, 390 px`).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
}

test('the pages for everybody are accessible and narrow', async ({ page }) => {
  for (const path of ['/sign-in', '/setup']) await look(page, `${consoleUrl()}${path}`);
});

test('the pages of an admin are accessible and narrow', async ({ browser }) => {
  const page = await pageOf(browser, 'admin');
  const profile = '/profiles/sx/assets_1';
  const tabs = ['snapshots', 'cutovers', 'registry', 'configuration'].map((tab) => `${profile}?tab=${tab}`);
  const lists = ['/cutovers', '/reviews', '/runbooks', '/runbooks/sx-postgres-primary', '/audit', '/admin'];
  for (const path of ['/', profile, ...tabs, ...lists, '/nowhere']) await look(page, path);
});

test('the wizard of a cutover that stands still is accessible and narrow, and so is its card', async ({ browser }) => {
  const page = await pageOf(browser, 'operator');
  await look(page, '/cutovers/new?system=sx&source=assets_3');
  await look(page, `/cutovers/wave?profile=${encodeURIComponent('["sx","assets_1"]')}`);
  const id = await planCutover(page, 'assets_3');
  await pressPrimary(page, id);
  await waitForStep(page, id, 'preflight', ['failed', 'waiting', 'unknown']);
  const ofStep = ['plan', 'log', 'checkpoints', 'attempts'].map((tab) => `?step=preflight&tab=${tab}`);
  for (const query of [...ofStep, '?step=sign-off', '?card=abandon']) await look(page, `/cutovers/${id}${query}`);
  await page.goto(`/cutovers/${id}`);
  await decide(page, /^Abandon/, 'assets_3', /^Abandon/);
});
